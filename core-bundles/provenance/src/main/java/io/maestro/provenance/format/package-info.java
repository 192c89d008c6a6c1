/**
 * The format of receipts and of their export, and how they are verified: without a database, a network or the server. The
 * server and the {@code maestro} command share it. Everything here is plain and safe to use from any thread unless it says
 * otherwise; nothing blocks but on the streams it is given.
 */
@NullMarked
package io.maestro.provenance.format;

import org.jspecify.annotations.NullMarked;
