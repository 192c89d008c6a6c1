/** Tests of the launcher that need the unpacked database. */
@NullMarked
package io.maestro.launcher;

import org.jspecify.annotations.NullMarked;
