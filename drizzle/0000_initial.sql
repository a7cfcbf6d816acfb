CREATE TABLE "api_keys" (
	"id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"name" text NOT NULL,
	"digest" text collate "C" NOT NULL,
	"prefix" text NOT NULL,
	"permissions" text[] NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"version" integer NOT NULL,
	CONSTRAINT "api_keys_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
CREATE TABLE "attempt_budgets" (
	"project_id" uuid NOT NULL,
	"budget" text collate "C" NOT NULL,
	"subject" text collate "C" NOT NULL,
	"ends_at" timestamp (3) with time zone,
	"length_seconds" integer NOT NULL,
	"used" integer NOT NULL,
	"failures" integer NOT NULL,
	"succeeded_at" timestamp (3) with time zone,
	CONSTRAINT "attempt_budgets_pk" PRIMARY KEY("project_id","budget","subject")
) WITH (fillfactor = 70);
--> statement-breakpoint
CREATE TABLE "audit_records" (
	"id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"tenant_id" uuid,
	"action" text NOT NULL,
	"entity_type" text NOT NULL,
	"entity_id" text,
	"user_id" text,
	"actor_id" text,
	"ip" text,
	"user_agent" text,
	"before" jsonb,
	"after" jsonb,
	"metadata" jsonb,
	"timestamp" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "audit_records_pk" PRIMARY KEY("project_id","id","timestamp")
) PARTITION BY RANGE ("timestamp");
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"scope" text collate "C" NOT NULL,
	"key" text collate "C" NOT NULL,
	"fingerprint" text NOT NULL,
	"claimed_at" timestamp (3) with time zone NOT NULL,
	"settled" boolean NOT NULL,
	"answer" jsonb,
	CONSTRAINT "idempotency_keys_pk" PRIMARY KEY("scope","key")
);
--> statement-breakpoint
CREATE TABLE "membership_roles" (
	"project_id" uuid NOT NULL,
	"tenant_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"role_id" uuid NOT NULL,
	CONSTRAINT "membership_roles_pk" PRIMARY KEY("project_id","tenant_id","user_id","role_id")
);
--> statement-breakpoint
CREATE TABLE "memberships" (
	"project_id" uuid NOT NULL,
	"tenant_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "memberships_pk" PRIMARY KEY("project_id","tenant_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "one_time_tokens" (
	"id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"purpose" text collate "C" NOT NULL,
	"email" text NOT NULL,
	"digest" text collate "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "one_time_tokens_pk" PRIMARY KEY("project_id","user_id","purpose")
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" uuid NOT NULL,
	"event" jsonb NOT NULL,
	"attempts" integer NOT NULL,
	"not_before" timestamp (3) with time zone,
	"buried_at" timestamp (3) with time zone,
	"reason" text,
	CONSTRAINT "outbox_pk" PRIMARY KEY("id")
);
--> statement-breakpoint
CREATE TABLE "project_seats" (
	"project_id" uuid NOT NULL,
	"taken" integer NOT NULL,
	CONSTRAINT "project_seats_pk" PRIMARY KEY("project_id")
);
--> statement-breakpoint
CREATE TABLE "projects" (
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"root_tenant_id" uuid NOT NULL,
	"platform" boolean NOT NULL,
	"settings" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "projects_pk" PRIMARY KEY("id")
);
--> statement-breakpoint
CREATE TABLE "recovery_codes" (
	"project_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"codes" jsonb NOT NULL,
	"generated_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "recovery_codes_pk" PRIMARY KEY("project_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "refresh_tokens" (
	"id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"tenant_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"client_id" text NOT NULL,
	"generation" integer NOT NULL,
	"nonce" text NOT NULL,
	"epoch" integer NOT NULL,
	"amr" text[] NOT NULL,
	"authenticated_at" timestamp (3) with time zone NOT NULL,
	"address" text,
	"user_agent" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"rotated_at" timestamp (3) with time zone NOT NULL,
	"idle_expires_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"ended_by" text,
	"version" integer NOT NULL,
	CONSTRAINT "refresh_tokens_pk" PRIMARY KEY("project_id","id")
) WITH (fillfactor = 70);
--> statement-breakpoint
CREATE TABLE "roles" (
	"id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"tenant_id" uuid NOT NULL,
	"name" text NOT NULL,
	"slug" text collate "C" NOT NULL,
	"description" text,
	"permissions" text[] NOT NULL,
	"built_in" boolean NOT NULL,
	"created_by" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "roles_pk" PRIMARY KEY("project_id","tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "sign_in_challenges" (
	"id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"kind" text collate "C" NOT NULL,
	"digest" text collate "C" NOT NULL,
	"epoch" integer NOT NULL,
	"amr" text[] NOT NULL,
	"authenticated_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "sign_in_challenges_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
CREATE TABLE "signing_keys" (
	"kid" text collate "C" NOT NULL,
	"project_id" uuid NOT NULL,
	"algorithm" text NOT NULL,
	"stage" text NOT NULL,
	"public_jwk" jsonb NOT NULL,
	"sealed_private_jwk" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"activated_at" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone,
	"version" integer NOT NULL,
	CONSTRAINT "signing_keys_pk" PRIMARY KEY("project_id","kid")
);
--> statement-breakpoint
CREATE TABLE "tenants" (
	"id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"name" text NOT NULL,
	"logo_url" text,
	"owner_id" uuid,
	"blocked_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "tenants_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"email" text collate "C",
	"email_verified_at" timestamp (3) with time zone,
	"pending_email" text,
	"password_hash" text,
	"first_name" text,
	"last_name" text,
	"phone" text,
	"avatar_url" text,
	"metadata" jsonb NOT NULL,
	"preferences" jsonb NOT NULL,
	"status" text NOT NULL,
	"holds_seat" boolean NOT NULL,
	"session_epoch" integer NOT NULL,
	"last_login_method" text,
	"last_tenant_id" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"version" integer NOT NULL,
	CONSTRAINT "users_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_project_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "membership_roles" ADD CONSTRAINT "membership_roles_membership_fk" FOREIGN KEY ("project_id","tenant_id","user_id") REFERENCES "public"."memberships"("project_id","tenant_id","user_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "membership_roles" ADD CONSTRAINT "membership_roles_role_fk" FOREIGN KEY ("project_id","tenant_id","role_id") REFERENCES "public"."roles"("project_id","tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_tenant_fk" FOREIGN KEY ("project_id","tenant_id") REFERENCES "public"."tenants"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_user_fk" FOREIGN KEY ("project_id","user_id") REFERENCES "public"."users"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "one_time_tokens" ADD CONSTRAINT "one_time_tokens_user_fk" FOREIGN KEY ("project_id","user_id") REFERENCES "public"."users"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "project_seats" ADD CONSTRAINT "project_seats_project_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recovery_codes" ADD CONSTRAINT "recovery_codes_user_fk" FOREIGN KEY ("project_id","user_id") REFERENCES "public"."users"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refresh_tokens" ADD CONSTRAINT "refresh_tokens_user_fk" FOREIGN KEY ("project_id","user_id") REFERENCES "public"."users"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refresh_tokens" ADD CONSTRAINT "refresh_tokens_tenant_fk" FOREIGN KEY ("project_id","tenant_id") REFERENCES "public"."tenants"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "roles" ADD CONSTRAINT "roles_tenant_fk" FOREIGN KEY ("project_id","tenant_id") REFERENCES "public"."tenants"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_in_challenges" ADD CONSTRAINT "sign_in_challenges_user_fk" FOREIGN KEY ("project_id","user_id") REFERENCES "public"."users"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "signing_keys" ADD CONSTRAINT "signing_keys_project_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tenants" ADD CONSTRAINT "tenants_project_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tenants" ADD CONSTRAINT "tenants_owner_fk" FOREIGN KEY ("project_id","owner_id") REFERENCES "public"."users"("project_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_project_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_digest" ON "api_keys" USING btree ("project_id","digest");--> statement-breakpoint
CREATE INDEX "audit_records_newest" ON "audit_records" USING btree ("project_id","tenant_id","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idempotency_keys_age" ON "idempotency_keys" USING btree ("claimed_at");--> statement-breakpoint
CREATE INDEX "membership_roles_role" ON "membership_roles" USING btree ("project_id","tenant_id","role_id");--> statement-breakpoint
CREATE INDEX "memberships_user" ON "memberships" USING btree ("project_id","user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "one_time_tokens_digest" ON "one_time_tokens" USING btree ("project_id","purpose","digest");--> statement-breakpoint
CREATE INDEX "one_time_tokens_expiry" ON "one_time_tokens" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "outbox_waiting" ON "outbox" USING btree ("id") WHERE "outbox"."buried_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "projects_one_platform" ON "projects" USING btree ("platform") WHERE "projects"."platform";--> statement-breakpoint
CREATE INDEX "refresh_tokens_user" ON "refresh_tokens" USING btree ("project_id","user_id","id");--> statement-breakpoint
CREATE INDEX "refresh_tokens_tenant" ON "refresh_tokens" USING btree ("project_id","tenant_id");--> statement-breakpoint
CREATE UNIQUE INDEX "roles_slug" ON "roles" USING btree ("project_id","tenant_id","slug");--> statement-breakpoint
CREATE UNIQUE INDEX "sign_in_challenges_digest" ON "sign_in_challenges" USING btree ("project_id","kind","digest");--> statement-breakpoint
CREATE INDEX "sign_in_challenges_user" ON "sign_in_challenges" USING btree ("project_id","user_id");--> statement-breakpoint
CREATE INDEX "sign_in_challenges_expiry" ON "sign_in_challenges" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "tenants_owner" ON "tenants" USING btree ("project_id","owner_id");--> statement-breakpoint
CREATE UNIQUE INDEX "users_held_address" ON "users" USING btree ("project_id","email") WHERE "users"."email" is not null and ("users"."deleted_at" is null or "users"."email_verified_at" is not null);--> statement-breakpoint
CREATE INDEX "users_unproven" ON "users" USING btree ("project_id","created_at") WHERE "users"."email_verified_at" is null;
--> statement-breakpoint
-- From here on written by hand: what drizzle-kit cannot say. So are PARTITION BY and WITH above.
ALTER TABLE "projects" ADD CONSTRAINT "projects_root_tenant_fk" FOREIGN KEY ("id","root_tenant_id") REFERENCES "public"."tenants"("project_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE TABLE "audit_records_default" PARTITION OF "audit_records" DEFAULT;
--> statement-breakpoint
-- Closes every commit: unless each expected row was hit, nothing of the statement happened.
CREATE FUNCTION "require_every_row"("hit" boolean) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	IF hit IS NOT TRUE THEN
		RAISE EXCEPTION 'somebody else was first' USING ERRCODE = 'CA001';
	END IF;
END
$$;
--> statement-breakpoint
-- Partitions of the month of "moment" and of those that follow. A month whose records the default partition holds
-- already stays there, and so do all months where the role may not create tables.
CREATE FUNCTION "make_audit_partitions"("moment" timestamp with time zone, "months" integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	first timestamp := date_trunc('month', moment AT TIME ZONE 'UTC');
	starts timestamp;
	partition text;
BEGIN
	PERFORM pg_advisory_xact_lock(hashtext('make_audit_partitions'));
	FOR ahead IN 0 .. months - 1 LOOP
		starts := first + make_interval(months => ahead);
		partition := to_char(starts, '"audit_records_"YYYY_MM');
		CONTINUE WHEN to_regclass(partition) IS NOT NULL;
		BEGIN
			EXECUTE format(
				'CREATE TABLE %I PARTITION OF audit_records FOR VALUES FROM (%L) TO (%L)',
				partition, starts AT TIME ZONE 'UTC', (starts + interval '1 month') AT TIME ZONE 'UTC'
			);
		EXCEPTION WHEN check_violation OR insufficient_privilege THEN
			NULL;
		END;
	END LOOP;
END
$$;
