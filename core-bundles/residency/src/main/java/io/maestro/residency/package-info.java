/**
 * Where the data of tenants lies. A route tells which instance keeps the items of a region and kind; the policy is asked before
 * each write; the ledger tells which object of which instance has the bytes of an item. Each write makes an object of its own, and
 * the item changes over to it in one transaction: so nothing is overwritten, and what a crash leaves is swept away.
 */
@NullMarked
package io.maestro.residency;

import org.jspecify.annotations.NullMarked;
