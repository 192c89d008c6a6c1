/**
 * Tells readers what happens. One thread of the node reads the store's journal while anybody follows, and hands each event to
 * all who want it; another drops what is old. Followers have bounded queues: who is slower than that is cut off.
 */
@NullMarked
package io.maestro.events;

import org.jspecify.annotations.NullMarked;
