/**
 * Decides whether an artifact may come in: publishers and their keys, signatures, the adapter manifest and the structural
 * rules of adapter bundles.
 *
 * <p>Everything that looks at artifacts is plain Java without OSGi and database, so that the server and the command line
 * decide alike. All input is hostile: sizes, counts and depths are bounded, and what is odd is refused, not repaired. No
 * threads are owned here.
 */
@NullMarked
package io.maestro.trust;

import org.jspecify.annotations.NullMarked;
