/**
 * Watches the instances of this node by rules, and raises an alert for what goes on for a while. One thread looks every so
 * often; what it watches stands in the database, so that a restart forgets nothing and everybody sees the same.
 */
@NullMarked
package io.maestro.events.alerts;

import org.jspecify.annotations.NullMarked;
