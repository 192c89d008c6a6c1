package io.maestro.adapter.storage.gcs;

import io.maestro.adapter.spi.storage.ObjectList;
import io.maestro.adapter.spi.storage.StorageRules;
import io.maestro.adapter.spi.storage.StoredObject;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the service says of an object.
 *
 * @param name its name, prefix included
 * @param size how many bytes it has
 * @param generation names this state; our ETag
 * @param created when this state was stored
 * @param contentType its media type; null when it has none or was not asked for
 * @param metadata its metadata
 * @param checksums those that the service keeps
 */
record GcsObject(
        String name,
        long size,
        String generation,
        Instant created,
        @Nullable String contentType,
        Map<String, String> metadata,
        Checksums.Value checksums) {
    /** The name under which the SHA-256 of an object is kept. No metadata of a request has it: its hyphens do not stand alone. */
    static final String SHA256 = "maestro--sha256";

    /** What to ask for in a list. */
    static final String ENTRY = "name,size,generation,timeCreated";

    /** What to ask for of one object. */
    static final String FIELDS = ENTRY + ",contentType,metadata,md5Hash,crc32c";

    static GcsObject of(JsonObject resource) throws JsonObject.Malformed {
        String generation = resource.text("generation");
        if (!generation.matches("\\d{1,20}")) {
            throw new JsonObject.Malformed();
        }
        try {
            return new GcsObject(
                    resource.text("name"),
                    resource.number("size"),
                    generation,
                    Instant.parse(resource.text("timeCreated")),
                    resource.textOrNull("contentType"),
                    resource.object("metadata").texts(),
                    new Checksums.Value(resource.textOrNull("crc32c"), resource.textOrNull("md5Hash")));
        } catch (DateTimeParseException e) {
            throw new JsonObject.Malformed();
        }
    }

    StoredObject stored(String key) {
        Map<String, String> others = new HashMap<>(metadata);
        String sha256 = others.remove(SHA256);
        return new StoredObject(
                key,
                size,
                generation,
                contentType == null ? StorageRules.USUAL_CONTENT_TYPE : contentType,
                created,
                others,
                sha256);
    }

    ObjectList.Entry entry(String key) {
        return new ObjectList.Entry(key, size, generation, created);
    }
}
