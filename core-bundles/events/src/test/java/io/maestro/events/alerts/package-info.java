@NullMarked
package io.maestro.events.alerts;

import org.jspecify.annotations.NullMarked;
