DROP INDEX "membership_roles_role";--> statement-breakpoint
CREATE INDEX "membership_roles_role" ON "membership_roles" USING btree ("project_id","tenant_id","role_id","user_id");