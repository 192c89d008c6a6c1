package io.maestro.rego.bundle;

/**
 * How large a bundle may be.
 *
 * @param archiveBytes as it comes
 * @param totalBytes unpacked, all files together
 * @param fileBytes unpacked, each file
 * @param files how many
 */
public record Limits(int archiveBytes, int totalBytes, int fileBytes, int files) {
    /** Far more than a pack of policies needs. */
    public static final Limits STANDARD = new Limits(8 << 20, 32 << 20, 8 << 20, 2_000);
}
