/**
 * The drop folder: what is copied into it is admitted like an upload. Owns one thread that looks at the folder, and one
 * for each file that is being admitted.
 */
@NullMarked
package io.maestro.adapters.deploy;

import org.jspecify.annotations.NullMarked;
