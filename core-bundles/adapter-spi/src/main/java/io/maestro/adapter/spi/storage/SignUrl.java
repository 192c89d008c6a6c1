package io.maestro.adapter.spi.storage;

/**
 * Input of {@code signed_url}.
 *
 * @param key which object
 * @param access what the holder may do
 * @param expiresInSeconds for how long, 1 to 604,800 (seven days)
 */
public record SignUrl(String key, Access access, int expiresInSeconds) {
    /** What the holder of a signed URL may do. */
    public enum Access {
        /** Read the object with GET. */
        READ,
        /** Store the object with PUT. */
        WRITE
    }
}
