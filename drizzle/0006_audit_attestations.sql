ALTER TABLE "audit_records" ADD COLUMN "attestation" text;--> statement-breakpoint
ALTER TABLE "audit_seals" ADD COLUMN "follows_foreign" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "audit_seals" ADD COLUMN "attestation" text;--> statement-breakpoint
-- By hand: NOT VALID, so that nobody waits until what is there already was read.
ALTER TABLE "audit_records" ADD CONSTRAINT "audit_records_moment" CHECK ("timestamp" between '0001-01-01 00:00Z' and '9999-12-31 00:00Z') NOT VALID;--> statement-breakpoint
ALTER TABLE "audit_records" ADD CONSTRAINT "audit_records_tenant" CHECK ("tenant_id" <> '00000000-0000-0000-0000-000000000000') NOT VALID;