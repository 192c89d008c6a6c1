/**
 * Receipts: facts that acts committed are taken out of the store, get their place in a chain, are hashed and signed, and
 * are verified whenever they are read.
 *
 * <p>Owns the schema {@code provenance} and one thread, the {@link io.maestro.provenance.Sealer}'s. Signatures are computed
 * on the common pool.
 */
@NullMarked
package io.maestro.provenance;

import org.jspecify.annotations.NullMarked;
