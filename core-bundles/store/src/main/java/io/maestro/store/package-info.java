/**
 * PostgreSQL for the engines: pool, transactions, the tenant fence, and forward-only migrations.
 *
 * <p>Engines speak jOOQ, inside their {@code Jooq…} classes only. The application's role is not the owner of the tables:
 * in a transaction without a tenant, row-level security shows nothing of any tenant.
 */
@NullMarked
@Version("1.0.0")
package io.maestro.store;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
