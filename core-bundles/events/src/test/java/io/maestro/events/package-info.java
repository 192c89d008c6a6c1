@NullMarked
package io.maestro.events;

import org.jspecify.annotations.NullMarked;
