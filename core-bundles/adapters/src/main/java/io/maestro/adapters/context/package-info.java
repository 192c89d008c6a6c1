/**
 * What an instance is given: its configuration as a record, a logger that masks its secrets, an HTTP client for the
 * permitted hosts, and a folder. Owns one HTTP client for all instances of the node.
 */
@NullMarked
package io.maestro.adapters.context;

import org.jspecify.annotations.NullMarked;
