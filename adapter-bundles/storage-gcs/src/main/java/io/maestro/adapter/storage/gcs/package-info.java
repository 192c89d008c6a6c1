/**
 * The adapter {@code storage-gcs}: objects in a bucket of Google Cloud Storage.
 *
 * <p>Speaks the JSON API over the host's HTTP client, with access tokens that a service account's key is exchanged for, and
 * signs URLs with that key. Nothing is held in memory but one chunk of content on its way in. Owns no thread and never
 * retries.
 */
@NullMarked
package io.maestro.adapter.storage.gcs;

import org.jspecify.annotations.NullMarked;
