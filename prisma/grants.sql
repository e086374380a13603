-- The console's and the verifier's rights on each table, defined only here. Applied after the migrations at each start, in
-- one transaction, if both roles exist. Neither role can use a table that isn't listed. TRUNCATE, TRIGGER, REFERENCES and
-- rights on the schema are never granted: only the tables' owner changes tables.

DO $$
DECLARE object text;
BEGIN
  -- Including grants of earlier versions.
  FOR object IN
    SELECT c.oid::regclass FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND pg_has_role(c.relowner, 'USAGE')
  LOOP
    EXECUTE format('REVOKE ALL ON TABLE %s FROM latchkey_console, latchkey_verifier', object);
  END LOOP;
  -- A role that can execute a trigger function could attach it to its own table and write what only the function may.
  FOR object IN
    SELECT p.oid::regprocedure FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND p.prorettype = 'trigger'::regtype AND pg_has_role(p.proowner, 'USAGE')
  LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', object);
  END LOOP;
END;
$$;

-- Neither role may write a team's access version or the head of its audit log: an attacker with SQL could make verifiers use
-- an old state, or fork the chain. Only these functions do so, as the tables' owner. Their search path is fixed, so that a
-- caller's own table named "teams" isn't used.
ALTER FUNCTION "renew_access_version"()           SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp;
ALTER FUNCTION "renew_access_version_of_joined"() SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp;
ALTER FUNCTION "renew_access_version_of_users"()  SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp;
ALTER FUNCTION "chain_audit_entry"()              SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp;

GRANT USAGE ON SCHEMA public TO latchkey_console, latchkey_verifier;

-- The console.
GRANT SELECT                         ON "_prisma_migrations"   TO latchkey_console;
GRANT SELECT, INSERT, UPDATE         ON "users"                TO latchkey_console;
GRANT SELECT, INSERT, UPDATE         ON "sessions"             TO latchkey_console;
GRANT SELECT, INSERT, DELETE         ON "session_tokens"       TO latchkey_console;
-- Only triggers write the access version.
GRANT SELECT, INSERT                 ON "teams"                TO latchkey_console;
GRANT SELECT, INSERT, UPDATE, DELETE ON "roles"                TO latchkey_console;
GRANT SELECT, INSERT, UPDATE         ON "members"              TO latchkey_console;
GRANT SELECT, INSERT, UPDATE         ON "invitations"          TO latchkey_console;
GRANT SELECT, INSERT, UPDATE         ON "team_policies"        TO latchkey_console;
-- No DELETE: revoked keys are retained.
GRANT SELECT, INSERT, UPDATE         ON "api_keys"             TO latchkey_console;
GRANT SELECT, INSERT, UPDATE         ON "api_key_usage"        TO latchkey_console;
GRANT SELECT, INSERT, UPDATE, DELETE ON "api_key_hours"        TO latchkey_console;
GRANT SELECT, INSERT, UPDATE, DELETE ON "api_key_addresses"    TO latchkey_console;
GRANT SELECT, INSERT, UPDATE, DELETE ON "api_key_scope_uses"   TO latchkey_console;
GRANT SELECT, INSERT, UPDATE, DELETE ON "api_key_refusals"     TO latchkey_console;
GRANT SELECT, INSERT, UPDATE, DELETE ON "notices"              TO latchkey_console;
GRANT SELECT, INSERT, DELETE         ON "calendar_feeds"       TO latchkey_console;
GRANT SELECT, INSERT, UPDATE, DELETE ON "idempotency_keys"     TO latchkey_console;
GRANT SELECT, INSERT, UPDATE, DELETE ON "heartbeats"           TO latchkey_console;
-- Append-only. Only the chain trigger writes the head.
GRANT SELECT, INSERT                 ON "audit_entries"        TO latchkey_console;
GRANT SELECT                         ON "audit_heads"          TO latchkey_console;
GRANT SELECT, INSERT                 ON "organizer_events"     TO latchkey_console;
GRANT SELECT, INSERT, DELETE         ON "setup_codes"          TO latchkey_console;
GRANT SELECT, INSERT, UPDATE, DELETE ON "sign_in_failures"     TO latchkey_console;
GRANT SELECT, INSERT, UPDATE, DELETE ON "rate_limits"          TO latchkey_console;
GRANT SELECT, INSERT, UPDATE, DELETE ON "refusal_counts"       TO latchkey_console;
GRANT SELECT, INSERT, UPDATE, DELETE ON "email_confirmations"  TO latchkey_console;

-- The verifier: reads what decisions need, and records calls. No passwords, sessions, invitations or audit entries.
GRANT SELECT                         ON "_prisma_migrations"   TO latchkey_verifier;
GRANT SELECT (id, name, email, confirmed_email, disabled_at) ON "users" TO latchkey_verifier;
GRANT SELECT                         ON "teams"                TO latchkey_verifier;
GRANT SELECT                         ON "roles"                TO latchkey_verifier;
GRANT SELECT                         ON "members"              TO latchkey_verifier;
GRANT SELECT                         ON "team_policies"        TO latchkey_verifier;
GRANT SELECT                         ON "api_keys"             TO latchkey_verifier;
GRANT SELECT, INSERT, UPDATE         ON "api_key_usage"        TO latchkey_verifier;
GRANT SELECT, INSERT, UPDATE         ON "api_key_hours"        TO latchkey_verifier;
GRANT SELECT, INSERT, UPDATE         ON "api_key_addresses"    TO latchkey_verifier;
GRANT SELECT, INSERT, UPDATE         ON "api_key_scope_uses"   TO latchkey_verifier;
GRANT SELECT, INSERT                 ON "api_key_refusals"     TO latchkey_verifier;
GRANT SELECT, INSERT, UPDATE         ON "heartbeats"           TO latchkey_verifier;
