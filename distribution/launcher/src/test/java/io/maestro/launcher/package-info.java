/** Tests of the launcher's parts; the launched process itself is tested end to end. */
@NullMarked
package io.maestro.launcher;

import org.jspecify.annotations.NullMarked;
