package io.maestro.identity;

import static io.maestro.identity.tables.identity.Tables.TOKEN;

import io.maestro.api.identity.Persons;
import io.maestro.store.Database;
import java.util.HashSet;
import java.util.Set;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** Follows tokens to whoever made them, as far as there are rows of them. */
final class JooqMakers implements Persons {
    private static final String TOKEN_PREFIX = "token:";

    private final Database database;

    JooqMakers(Database database) {
        this.database = database;
    }

    @Override
    public String behind(String principal) {
        return database.asPlatform(sql -> behind(sql, principal));
    }

    /** The same within a transaction: no further than it sees. */
    static String behind(DSLContext sql, String principal) {
        Set<String> seen = new HashSet<>();
        String found = principal;
        while (found.startsWith(TOKEN_PREFIX) && seen.add(found)) {
            @Nullable
            String maker = sql.select(TOKEN.CREATED_BY)
                    .from(TOKEN)
                    .where(TOKEN.ID.eq(found.substring(TOKEN_PREFIX.length()).replace("\0", "")))
                    .fetchOne(TOKEN.CREATED_BY);
            if (maker == null) {
                return found;
            }
            found = maker;
        }
        return found;
    }

    /** Whom a token counts as made by once somebody else has been given its new secret. */
    static String holder(DSLContext sql, String token, String maker, String rotator) {
        String person = behind(sql, rotator);
        return person.equals(behind(sql, TOKEN_PREFIX + token)) ? maker : person;
    }
}
