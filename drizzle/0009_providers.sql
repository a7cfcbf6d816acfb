-- Put in order by hand. Who signs in takes the challenge before the user, and so does this: it waits for nobody who
-- waits for it. The index is built beside those who read users; what keeps them out comes last and is short.
CREATE TABLE "auth_providers" (
	"id" text collate "C" NOT NULL,
	"project_id" uuid NOT NULL,
	"type" text NOT NULL,
	"preset" text,
	"name" text NOT NULL,
	"client_id" text,
	"client_secret" text,
	"issuer" text,
	"authorize_url" text,
	"token_url" text,
	"userinfo_url" text,
	"mapping" jsonb,
	"scopes" text[] NOT NULL,
	"chain_ids" bigint[] NOT NULL,
	"enabled" boolean NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "auth_providers_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
CREATE TABLE "authorization_requests" (
	"id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"provider_id" text collate "C" NOT NULL,
	"intent" text NOT NULL,
	"digest" text collate "C" NOT NULL,
	"verifier_digest" text NOT NULL,
	"user_id" uuid,
	"session_id" uuid,
	"return_to" text,
	"memo" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "authorization_requests_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
CREATE TABLE "provider_links" (
	"id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"provider_id" text collate "C" NOT NULL,
	"external_id" text collate "C" NOT NULL,
	"email" text,
	"display_name" text,
	"linked_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "provider_links_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "authorization_requests_digest" ON "authorization_requests" USING btree ("project_id","digest");--> statement-breakpoint
CREATE INDEX "authorization_requests_user" ON "authorization_requests" USING btree ("project_id","user_id") WHERE "authorization_requests"."user_id" is not null;--> statement-breakpoint
CREATE INDEX "authorization_requests_expiry" ON "authorization_requests" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "provider_links_identity" ON "provider_links" USING btree ("project_id","provider_id","external_id");--> statement-breakpoint
CREATE UNIQUE INDEX "provider_links_user" ON "provider_links" USING btree ("project_id","user_id","provider_id");--> statement-breakpoint
ALTER TABLE "auth_providers" ADD CONSTRAINT "auth_providers_project_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "authorization_requests" ADD CONSTRAINT "authorization_requests_provider_fk" FOREIGN KEY ("project_id","provider_id") REFERENCES "public"."auth_providers"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "provider_links" ADD CONSTRAINT "provider_links_provider_fk" FOREIGN KEY ("project_id","provider_id") REFERENCES "public"."auth_providers"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_in_challenges" ADD COLUMN "provider_id" text;--> statement-breakpoint
ALTER TABLE "sign_in_challenges" ADD COLUMN "pending_identity" jsonb;--> statement-breakpoint
CREATE INDEX "users_unproven_next" ON "users" USING btree ("project_id","created_at") WHERE "users"."email_verified_at" is null and "users"."email" is not null;--> statement-breakpoint
ALTER TABLE "authorization_requests" ADD CONSTRAINT "authorization_requests_user_fk" FOREIGN KEY ("project_id","user_id") REFERENCES "public"."users"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "provider_links" ADD CONSTRAINT "provider_links_user_fk" FOREIGN KEY ("project_id","user_id") REFERENCES "public"."users"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
DROP INDEX "users_unproven";--> statement-breakpoint
ALTER INDEX "users_unproven_next" RENAME TO "users_unproven";
