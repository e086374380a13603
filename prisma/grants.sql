-- What the console and the verifier may do with each table: the only place that says so. Applied after the migrations at
-- each start, in one transaction, if both roles exist. A table that isn't named here can't be used by either.
-- Nothing grants TRUNCATE, TRIGGER, REFERENCES or anything on the schema: the tables' owner alone changes tables.

DO $$
DECLARE object text;
BEGIN
  -- Also what an earlier version granted.
  FOR object IN
    SELECT c.oid::regclass FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND pg_has_role(c.relowner, 'USAGE')
  LOOP
    EXECUTE format('REVOKE ALL ON TABLE %s FROM latchkey_console, latchkey_verifier', object);
  END LOOP;
  -- Whoever may run a trigger function could put it on a table of their own, and so write what only the function may.
  FOR object IN
    SELECT p.oid::regprocedure FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND p.prorettype = 'trigger'::regtype AND pg_has_role(p.proowner, 'USAGE')
  LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', object);
  END LOOP;
END;
$$;

-- Neither role may write a team's access version or the head of its audit log: with them, who can run SQL could make
-- verifiers believe an old state, or fork the chain. These functions alone do it, as the tables' owner. Their search path
-- is fixed, or a caller's own table named "teams" would be taken for ours.
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
-- The access version is the triggers' to write.
GRANT SELECT, INSERT                 ON "teams"                TO latchkey_console;
GRANT SELECT, INSERT, UPDATE, DELETE ON "roles"                TO latchkey_console;
GRANT SELECT, INSERT, UPDATE         ON "members"              TO latchkey_console;
GRANT SELECT, INSERT, UPDATE         ON "invitations"          TO latchkey_console;
GRANT SELECT, INSERT, UPDATE         ON "team_policies"        TO latchkey_console;
-- Revoked keys stay: there is no DELETE.
GRANT SELECT, INSERT, UPDATE         ON "api_keys"             TO latchkey_console;
GRANT SELECT, INSERT, UPDATE         ON "api_key_usage"        TO latchkey_console;
GRANT SELECT, INSERT, UPDATE, DELETE ON "api_key_hours"        TO latchkey_console;
GRANT SELECT, INSERT, UPDATE, DELETE ON "api_key_addresses"    TO latchkey_console;
GRANT SELECT, INSERT, UPDATE, DELETE ON "api_key_scope_uses"   TO latchkey_console;
GRANT SELECT, INSERT, UPDATE, DELETE ON "api_key_refusals"     TO latchkey_console;
GRANT SELECT, INSERT, DELETE         ON "api_key_reminders"    TO latchkey_console;
GRANT SELECT, INSERT, UPDATE, DELETE ON "idempotency_keys"     TO latchkey_console;
GRANT SELECT, INSERT, UPDATE, DELETE ON "heartbeats"           TO latchkey_console;
-- Append-only. The head is the chain trigger's to write.
GRANT SELECT, INSERT                 ON "audit_entries"        TO latchkey_console;
GRANT SELECT                         ON "audit_heads"          TO latchkey_console;
GRANT SELECT, INSERT                 ON "organizer_events"     TO latchkey_console;
GRANT SELECT, INSERT, DELETE         ON "setup_codes"          TO latchkey_console;
GRANT SELECT, INSERT, UPDATE, DELETE ON "sign_in_failures"     TO latchkey_console;
GRANT SELECT, INSERT, UPDATE, DELETE ON "rate_limits"          TO latchkey_console;
GRANT SELECT, INSERT, UPDATE, DELETE ON "refusal_counts"       TO latchkey_console;
GRANT SELECT, INSERT, UPDATE, DELETE ON "email_confirmations"  TO latchkey_console;

-- The verifier: reads what a decision takes, and records calls. No passwords, no sessions, no invitations, no audit log.
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
