ALTER TABLE "audit_records" ADD COLUMN "attestation" text;--> statement-breakpoint
ALTER TABLE "audit_seals" ADD COLUMN "follows_foreign" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "audit_seals" ADD COLUMN "attestation" text;