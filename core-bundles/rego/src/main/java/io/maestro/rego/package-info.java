/**
 * A compiler and evaluator for Rego v1, the policy language of the Open Policy Agent, in plain Java.
 *
 * <p>{@link io.maestro.rego.Rego#compile} makes an immutable {@link io.maestro.rego.Policy}, which any number of threads may
 * ask at once. A question costs at most its budget. Nothing here blocks, starts threads
 * or talks to a network, and only {@link io.maestro.rego.bundle.BundleBuilder} reads files, of the folder that it is given.
 */
@NullMarked
@Version("1.0.0")
package io.maestro.rego;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
