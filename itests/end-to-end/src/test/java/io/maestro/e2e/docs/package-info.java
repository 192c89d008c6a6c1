/**
 * The documentation, followed to the letter: commands are typed into a shell as they stand, and answers compared with those
 * shown. Pages are read from the repository.
 */
@NullMarked
package io.maestro.e2e.docs;

import org.jspecify.annotations.NullMarked;
