package io.maestro.adapter.spi.provisioning;

import org.jspecify.annotations.Nullable;

/**
 * Input of {@code list_users}. Conditions are values, not filter text, so that no caller writes filters into a request.
 *
 * @param userName only the user of this name; null for all
 * @param externalId only the user of this name of ours; null for all
 * @param limit at most so many, 1 to 200; 100 when null
 * @param cursor the {@code next} of the page before, or null for the first page
 */
public record ListUsers(
        @Nullable String userName,
        @Nullable String externalId,
        @Nullable Integer limit,
        @Nullable String cursor) {}
