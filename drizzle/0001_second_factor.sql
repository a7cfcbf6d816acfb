CREATE TABLE "totp_factors" (
	"project_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"secret" text,
	"last_step" integer,
	"pending_secret" text,
	"pending_expires_at" timestamp (3) with time zone,
	"pending_recovery_codes" jsonb NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "totp_factors_pk" PRIMARY KEY("project_id","user_id")
);
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "totp_enabled_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "totp_factors" ADD CONSTRAINT "totp_factors_user_fk" FOREIGN KEY ("project_id","user_id") REFERENCES "public"."users"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "totp_factors_expiry" ON "totp_factors" USING btree ("pending_expires_at") WHERE "totp_factors"."secret" is null;