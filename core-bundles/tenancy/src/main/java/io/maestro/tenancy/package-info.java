/**
 * Tenants and environments as rows of the schema {@code tenancy}. Whatever concerns one tenant runs in that tenant's own
 * scope; only the list of all tenants is the installation's.
 */
@NullMarked
package io.maestro.tenancy;

import org.jspecify.annotations.NullMarked;
