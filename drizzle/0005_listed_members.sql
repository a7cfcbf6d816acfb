-- In lower case, whatever the locale of the database: by rules of Postgres itself where it has some, else by those of ICU.
DO $$
DECLARE
	"rules" text := (
		SELECT ' COLLATE ' || quote_ident("collname") FROM "pg_collation"
		WHERE "collname" IN ('pg_c_utf8', 'und-x-icu') AND "collnamespace" = 'pg_catalog'::regnamespace
			AND "collencoding" IN (-1, (SELECT "encoding" FROM "pg_database" WHERE "datname" = current_database()))
		ORDER BY "collname" LIMIT 1
	);
BEGIN
	EXECUTE 'CREATE FUNCTION "fold_case"("value" text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS '
		|| quote_literal('SELECT lower($1' || coalesce("rules", '') || ')');
END
$$;
--> statement-breakpoint
CREATE TABLE "listed_members" (
	"project_id" uuid NOT NULL,
	"tenant_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"status" text NOT NULL,
	"removed" boolean NOT NULL,
	"email" text collate "C",
	"first_name" text collate "C",
	"last_name" text collate "C",
	CONSTRAINT "listed_members_pk" PRIMARY KEY("project_id","tenant_id","user_id")
);
--> statement-breakpoint
-- From here on written by hand but for the indexes: what drizzle-kit cannot say.
-- Whoever changes a membership waits for whoever is changing the person, so that neither misses the other.
CREATE FUNCTION "list_member"("project" uuid, "person" uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO "listed_members" ("project_id", "tenant_id", "user_id", "status", "removed", "email", "first_name", "last_name")
	SELECT "m"."project_id", "m"."tenant_id", "m"."user_id",
		CASE WHEN "u"."status" = 'active' AND "m"."disabled_at" IS NOT NULL THEN 'disabled' ELSE "u"."status" END,
		"m"."deleted_at" IS NOT NULL OR "u"."deleted_at" IS NOT NULL,
		"u"."email", fold_case("u"."first_name"), fold_case("u"."last_name")
	FROM "users" "u" JOIN "memberships" "m" ON "m"."project_id" = "u"."project_id" AND "m"."user_id" = "u"."id"
	WHERE "u"."project_id" = "project" AND "u"."id" = "person"
	FOR SHARE OF "u"
	ON CONFLICT ("project_id", "tenant_id", "user_id") DO UPDATE SET
		"status" = excluded."status", "removed" = excluded."removed",
		"email" = excluded."email", "first_name" = excluded."first_name", "last_name" = excluded."last_name"
	WHERE "listed_members" IS DISTINCT FROM excluded;
END
$$;
--> statement-breakpoint
CREATE FUNCTION "membership_listed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM list_member(NEW.project_id, NEW.user_id);
	RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE FUNCTION "user_listed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM list_member(NEW.project_id, NEW.id);
	RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER "memberships_listed" AFTER INSERT OR UPDATE OF "disabled_at", "deleted_at" ON "memberships"
	FOR EACH ROW EXECUTE FUNCTION "membership_listed"();
--> statement-breakpoint
CREATE TRIGGER "users_listed" AFTER UPDATE OF "status", "deleted_at", "email", "first_name", "last_name" ON "users"
	FOR EACH ROW EXECUTE FUNCTION "user_listed"();
--> statement-breakpoint
DO $$
BEGIN
	PERFORM list_member("project_id", "id") FROM "users";
END
$$;
--> statement-breakpoint
CREATE INDEX "listed_members_present" ON "listed_members" USING btree ("project_id","tenant_id","user_id") WHERE not "listed_members"."removed";--> statement-breakpoint
CREATE INDEX "listed_members_status" ON "listed_members" USING btree ("project_id","tenant_id","status","user_id") WHERE "listed_members"."status" <> 'active';--> statement-breakpoint
CREATE INDEX "listed_members_email" ON "listed_members" USING btree ("project_id","tenant_id","email","user_id","removed");--> statement-breakpoint
CREATE INDEX "listed_members_first_name" ON "listed_members" USING btree ("project_id","tenant_id","first_name","user_id","removed");--> statement-breakpoint
CREATE INDEX "listed_members_last_name" ON "listed_members" USING btree ("project_id","tenant_id","last_name","user_id","removed");--> statement-breakpoint
ALTER TABLE "listed_members" ADD CONSTRAINT "listed_members_membership_fk" FOREIGN KEY ("project_id","tenant_id","user_id") REFERENCES "public"."memberships"("project_id","tenant_id","user_id") ON DELETE cascade ON UPDATE no action;
