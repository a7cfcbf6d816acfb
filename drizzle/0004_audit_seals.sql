CREATE TABLE "audit_seals" (
	"project_id" uuid NOT NULL,
	"tenant_id" uuid NOT NULL,
	"number" bigint NOT NULL,
	"previous_hash" text,
	"hash" text NOT NULL,
	"count" bigint NOT NULL,
	"sealed_at" timestamp (3) with time zone NOT NULL,
	"records" jsonb,
	"oldest" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "audit_seals_pk" PRIMARY KEY("project_id","tenant_id","number")
);
--> statement-breakpoint
ALTER TABLE "audit_records" ALTER COLUMN "action" SET DATA TYPE text collate "C";--> statement-breakpoint
ALTER TABLE "audit_records" ADD COLUMN "sealed_in" bigint;--> statement-breakpoint
ALTER TABLE "audit_records" ADD COLUMN "personal_hash" text;--> statement-breakpoint
ALTER TABLE "audit_records" ADD COLUMN "salt" text;--> statement-breakpoint
CREATE INDEX "audit_seals_age" ON "audit_seals" USING btree ("oldest") WHERE "audit_seals"."records" is not null;--> statement-breakpoint
CREATE INDEX "audit_records_action" ON "audit_records" USING btree ("project_id","tenant_id","action","id");--> statement-breakpoint
CREATE INDEX "audit_records_entity" ON "audit_records" USING btree ("project_id","tenant_id","entity_type","entity_id","id");--> statement-breakpoint
CREATE INDEX "audit_records_user" ON "audit_records" USING btree ("project_id","tenant_id","user_id","id");--> statement-breakpoint
CREATE INDEX "audit_records_unsealed" ON "audit_records" USING btree ("project_id","tenant_id","id") WHERE "audit_records"."sealed_in" is null;--> statement-breakpoint
CREATE INDEX "audit_records_seal" ON "audit_records" USING btree ("project_id","tenant_id","sealed_in") WHERE "audit_records"."sealed_in" is not null;
--> statement-breakpoint
-- From here on written by hand.
-- Drops the partitions of months that ended before "moment", and answers how many. One with a record that has no seal
-- yet stays, and so does one that is in use: whoever records would wait for it, and it can go the next time.
CREATE FUNCTION "drop_audit_partitions"("moment" timestamp with time zone) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
	partition text;
	waiting boolean;
	dropped integer := 0;
BEGIN
	PERFORM set_config('lock_timeout', '100ms', true);
	FOR partition IN
		SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
		WHERE inhparent = 'audit_records'::regclass AND relname ~ '^audit_records_\d{4}_\d\d$'
			AND (to_date(right(relname, 7), 'YYYY_MM') + interval '1 month') AT TIME ZONE 'UTC' <= moment
		ORDER BY relname
	LOOP
		BEGIN
			EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE sealed_in IS NULL)', partition) INTO waiting;
			CONTINUE WHEN waiting;
			EXECUTE format('DROP TABLE %I', partition);
			dropped := dropped + 1;
		EXCEPTION WHEN lock_not_available OR insufficient_privilege THEN
			NULL;
		END;
	END LOOP;
	RETURN dropped;
END
$$;
