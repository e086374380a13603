-- What is written of calls each second has no foreign key: to check one is to lock the key's row, and with it to rewrite that
-- row's page, for each key that is used for the first time and each key's every hour. That was more than all the rest of
-- writing such a call down. A key that is deleted takes its calls with it all the same.
ALTER TABLE "api_key_usage" DROP CONSTRAINT "api_key_usage_key_id_fkey";
ALTER TABLE "api_key_hours" DROP CONSTRAINT "api_key_hours_key_id_fkey";

CREATE FUNCTION "delete_calls_of_api_keys"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM "api_key_usage" u USING deleted WHERE u."key_id" = deleted."id";
  DELETE FROM "api_key_hours" h USING deleted WHERE h."key_id" = deleted."id";
  RETURN NULL;
END;
$$;

CREATE TRIGGER "api_keys_delete_calls" AFTER DELETE ON "api_keys"
  REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION "delete_calls_of_api_keys"();
