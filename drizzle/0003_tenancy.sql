-- Put in order by hand: what takes long comes first, beside readers; what keeps them out comes last and is short.
CREATE TABLE "invitations" (
	"id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"tenant_id" uuid NOT NULL,
	"email" text collate "C" NOT NULL,
	"user_id" uuid NOT NULL,
	"invited_by" uuid,
	"invited_by_key" uuid,
	"digest" text collate "C",
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "invitations_pk" PRIMARY KEY("project_id","tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "ownership_transfers" (
	"id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"tenant_id" uuid NOT NULL,
	"owner_id" uuid NOT NULL,
	"new_owner_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "ownership_transfers_pk" PRIMARY KEY("project_id","tenant_id")
);
--> statement-breakpoint
CREATE TABLE "permission_modules" (
	"project_id" uuid NOT NULL,
	"name" text collate "C" NOT NULL,
	"permissions" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "permission_modules_pk" PRIMARY KEY("project_id","name")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "users_held_address_next" ON "users" USING btree ("project_id","email") WHERE "users"."email" is not null and "users"."status" <> 'invited' and ("users"."deleted_at" is null or "users"."email_verified_at" is not null);--> statement-breakpoint
ALTER TABLE "membership_roles" ADD CONSTRAINT "membership_roles_role_next_fk" FOREIGN KEY ("project_id","tenant_id","role_id") REFERENCES "public"."roles"("project_id","tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_membership_fk" FOREIGN KEY ("project_id","tenant_id","user_id") REFERENCES "public"."memberships"("project_id","tenant_id","user_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ownership_transfers" ADD CONSTRAINT "ownership_transfers_owner_fk" FOREIGN KEY ("project_id","tenant_id","owner_id") REFERENCES "public"."memberships"("project_id","tenant_id","user_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ownership_transfers" ADD CONSTRAINT "ownership_transfers_new_owner_fk" FOREIGN KEY ("project_id","tenant_id","new_owner_id") REFERENCES "public"."memberships"("project_id","tenant_id","user_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "permission_modules" ADD CONSTRAINT "permission_modules_project_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_address" ON "invitations" USING btree ("project_id","tenant_id","email");--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_digest" ON "invitations" USING btree ("project_id","digest");--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_user" ON "invitations" USING btree ("project_id","user_id");--> statement-breakpoint
CREATE INDEX "invitations_expiry" ON "invitations" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "ownership_transfers_expiry" ON "ownership_transfers" USING btree ("expires_at");--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "role_count" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
UPDATE "tenants" SET "role_count" = (SELECT count(*) FROM "roles" WHERE "roles"."project_id" = "tenants"."project_id" AND "roles"."tenant_id" = "tenants"."id");--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "last_blocked_at" timestamp (3) with time zone;--> statement-breakpoint
UPDATE "tenants" SET "last_blocked_at" = "blocked_at" WHERE "blocked_at" IS NOT NULL;--> statement-breakpoint
ALTER TABLE "memberships" ADD COLUMN "disabled_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "memberships" ADD COLUMN "deleted_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "refresh_tokens" ADD COLUMN "impersonator" jsonb;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "pending_email_awaits" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
UPDATE "users" SET "pending_email_awaits" = '{proof}' WHERE "pending_email" IS NOT NULL;--> statement-breakpoint
ALTER TABLE "membership_roles" DROP CONSTRAINT "membership_roles_role_fk";
--> statement-breakpoint
ALTER TABLE "membership_roles" RENAME CONSTRAINT "membership_roles_role_next_fk" TO "membership_roles_role_fk";
--> statement-breakpoint
DROP INDEX "users_held_address";--> statement-breakpoint
ALTER INDEX "users_held_address_next" RENAME TO "users_held_address";
