-- Put in order by hand. Numbers are written again and again in the same rows, so these have room; of deliveries only those
-- that wait are looked for, and what waited is cleared away before it is in the way. What keeps out those who change
-- tenants comes last, and is short.
CREATE TABLE "event_heads" (
	"name" text NOT NULL,
	"last" bigint NOT NULL,
	CONSTRAINT "event_heads_pk" PRIMARY KEY("name")
);
--> statement-breakpoint
CREATE TABLE "event_streams" (
	"project_id" uuid NOT NULL,
	"reader_id" uuid NOT NULL,
	"subject_kind" text NOT NULL,
	"subject_id" text NOT NULL,
	"last" bigint NOT NULL,
	CONSTRAINT "event_streams_pk" PRIMARY KEY("project_id","reader_id","subject_kind","subject_id")
) WITH (fillfactor = 70);
--> statement-breakpoint
CREATE TABLE "events" (
	"id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"reader_id" uuid NOT NULL,
	"position" bigint NOT NULL,
	"sequence" bigint NOT NULL,
	"tenant_id" uuid,
	"subject_kind" text NOT NULL,
	"subject_id" text NOT NULL,
	"type" text collate "C" NOT NULL,
	"data" jsonb NOT NULL,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "events_pk" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
CREATE TABLE "unpublished_events" (
	"ordinal" bigint GENERATED ALWAYS AS IDENTITY (sequence name "unpublished_events_ordinal_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"tenant_id" uuid,
	"subject_kind" text NOT NULL,
	"subject_id" text NOT NULL,
	"type" text collate "C" NOT NULL,
	"data" jsonb NOT NULL,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "unpublished_events_pk" PRIMARY KEY("ordinal")
);
--> statement-breakpoint
CREATE TABLE "webhook_deliveries" (
	"project_id" uuid NOT NULL,
	"tenant_id" uuid NOT NULL,
	"webhook_id" uuid NOT NULL,
	"event_id" uuid NOT NULL,
	"status" text NOT NULL,
	"attempts" integer NOT NULL,
	"last_attempt_at" timestamp (3) with time zone,
	"next_attempt_at" timestamp (3) with time zone,
	"leased_until" timestamp (3) with time zone,
	"last_status" integer,
	"last_error" text,
	CONSTRAINT "webhook_deliveries_pk" PRIMARY KEY("project_id","tenant_id","webhook_id","event_id")
) WITH (autovacuum_vacuum_scale_factor = 0.02);
--> statement-breakpoint
CREATE TABLE "webhook_endpoints" (
	"id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"tenant_id" uuid NOT NULL,
	"url" text NOT NULL,
	"description" text,
	"event_types" text[] NOT NULL,
	"enabled" boolean NOT NULL,
	"disabled_reason" text,
	"secret" text NOT NULL,
	"previous_secret" text,
	"previous_secret_until" timestamp (3) with time zone,
	"failing_since" timestamp (3) with time zone,
	"created_by" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "webhook_endpoints_pk" PRIMARY KEY("project_id","tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_webhook_fk" FOREIGN KEY ("project_id","tenant_id","webhook_id") REFERENCES "public"."webhook_endpoints"("project_id","tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_event_fk" FOREIGN KEY ("project_id","event_id") REFERENCES "public"."events"("project_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "events_line" ON "events" USING btree ("project_id","reader_id","position");--> statement-breakpoint
CREATE INDEX "events_age" ON "events" USING btree ("occurred_at");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_due" ON "webhook_deliveries" USING btree ("next_attempt_at") WHERE "webhook_deliveries"."next_attempt_at" is not null;--> statement-breakpoint
CREATE INDEX "webhook_deliveries_waiting" ON "webhook_deliveries" USING btree ("project_id","tenant_id","webhook_id","next_attempt_at","event_id") WHERE "webhook_deliveries"."next_attempt_at" is not null;--> statement-breakpoint
CREATE INDEX "webhook_deliveries_leased" ON "webhook_deliveries" USING btree ("project_id","tenant_id","webhook_id") WHERE "webhook_deliveries"."leased_until" is not null;--> statement-breakpoint
CREATE INDEX "webhook_deliveries_event" ON "webhook_deliveries" USING btree ("project_id","event_id");--> statement-breakpoint
ALTER TABLE "webhook_endpoints" ADD CONSTRAINT "webhook_endpoints_tenant_fk" FOREIGN KEY ("project_id","tenant_id") REFERENCES "public"."tenants"("project_id","id") ON DELETE cascade ON UPDATE no action;
