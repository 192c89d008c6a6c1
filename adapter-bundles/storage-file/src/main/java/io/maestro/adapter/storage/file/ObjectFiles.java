package io.maestro.adapter.storage.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.storage.ObjectList;
import io.maestro.adapter.spi.storage.PutObject;
import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.adapter.spi.storage.StorageRules;
import io.maestro.adapter.spi.storage.StoredObject;
import io.maestro.model.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The files of the objects in their folder. Follows no symbolic link: there is nothing but regular files. */
final class ObjectFiles {
    private static final int CHUNK = 64 * 1024;
    private static final Comparator<byte[]> UTF_8_ORDER = Arrays::compareUnsigned;

    private final Path folder;
    private final InstantSource clock;

    ObjectFiles(Path folder, InstantSource clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /** An object with its file, positioned at the content. */
    record Reading(StoredObject object, FileChannel content) {}

    /** Writes an object to {@code file}, which is not one of the objects yet, and makes sure that the disk has it. */
    StoredObject write(Path file, PutObject request, Content content, long largest) throws IOException {
        byte[] texts =
                ObjectHeader.texts(request.key(), StorageRules.contentType(request), StorageRules.metadata(request));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.position(ObjectHeader.contentAt(texts));
            MessageDigest digest = KeyNames.sha256();
            long size = copy(content, channel, digest, largest);
            byte[] sha256 = digest.digest();
            Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            ObjectHeader.write(channel, size, sha256, now, texts);
            channel.force(true);
            return new StoredObject(
                    request.key(),
                    size,
                    HexFormat.of().formatHex(sha256),
                    StorageRules.contentType(request),
                    now,
                    StorageRules.metadata(request),
                    HexFormat.of().formatHex(sha256));
        }
    }

    private static long copy(Content content, FileChannel channel, MessageDigest digest, long largest)
            throws IOException {
        OptionalLong announced = content.length();
        byte[] chunk = new byte[CHUNK];
        long size = 0;
        for (int read = read(content, chunk); read >= 0; read = read(content, chunk)) {
            size += read;
            if (announced.isPresent() && size > announced.getAsLong()) {
                throw incomplete("more than the announced " + announced.getAsLong() + " bytes came");
            }
            if (size > largest) {
                throw tooLarge(largest);
            }
            digest.update(chunk, 0, read);
            ByteBuffer bytes = ByteBuffer.wrap(chunk, 0, read);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
        if (announced.isPresent() && size < announced.getAsLong()) {
            throw incomplete("only " + size + " of the announced " + announced.getAsLong() + " bytes came");
        }
        return size;
    }

    private static int read(Content content, byte[] chunk) {
        try {
            return content.bytes().read(chunk);
        } catch (IOException e) {
            // the sender's failure, not the disk's
            throw incomplete("the sender broke off");
        }
    }

    private static ProblemException incomplete(String detail) {
        return FileStorage.problem(
                StorageProblem.CONTENT_INCOMPLETE, detail, "Send the content again, with its true length or none.");
    }

    static ProblemException tooLarge(long largest) {
        return FileStorage.problem(
                StorageProblem.STORAGE_REQUEST_INVALID,
                "the content has more than " + largest + " bytes",
                "Store less, or raise maxObjectBytes in the configuration of the instance.");
    }

    /** Makes a written file the object under the key, in one step. */
    void commit(Path file, String key) throws IOException {
        Files.move(file, path(key), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        synchronise();
    }

    /** The object without its content; empty when there is none. */
    Optional<StoredObject> head(String key) throws IOException {
        Optional<Reading> reading = read(key);
        if (reading.isPresent()) {
            reading.get().content().close();
        }
        return reading.map(Reading::object);
    }

    /** Opens the object; empty when there is none. The open file stays as it is when the object is replaced. */
    Optional<Reading> read(String key) throws IOException {
        Path path = path(key);
        // before opening: to open a pipe would block
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        FileChannel channel;
        try {
            channel = openFile(path);
        } catch (NoSuchFileException e) {
            return Optional.empty(); // deleted in between
        }
        try {
            ObjectHeader.Found found = ObjectHeader.read(channel);
            if (!found.object().key().equals(key)) {
                throw new IOException("the file of the object is damaged");
            }
            channel.position(found.contentAt());
            return Optional.of(new Reading(found.object(), channel));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Deletes the object; nothing happens when there is none. */
    void delete(String key) throws IOException {
        if (Files.deleteIfExists(path(key))) {
            synchronise();
        }
    }

    /**
     * Goes through all names once and keeps the next page of keys, and of what they begin with where there is a delimiter, so
     * that memory depends on the page only.
     */
    ObjectList list(String prefix, int limit, @Nullable String cursor, @Nullable String delimiter) throws IOException {
        byte[] after = cursor == null ? null : decodeCursor(cursor);
        NavigableSet<byte[]> page = new TreeSet<>(UTF_8_ORDER);
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder)) {
            for (Path path : paths) {
                Optional<byte[]> place = key(path)
                        .filter(key -> key.startsWith(prefix))
                        .map(key ->
                                key.substring(0, told(key, prefix, delimiter)).getBytes(UTF_8));
                if (place.isPresent() && (after == null || Arrays.compareUnsigned(place.get(), after) > 0)) {
                    page.add(place.get());
                    if (page.size() > limit + 1) {
                        page.removeLast();
                    }
                }
            }
        }
        boolean more = page.size() > limit;
        if (more) {
            page.removeLast();
        }
        List<ObjectList.Entry> entries = new ArrayList<>();
        List<String> prefixes = new ArrayList<>();
        for (byte[] bytes : page) {
            String place = new String(bytes, UTF_8);
            if (delimiter != null && place.indexOf(delimiter, prefix.length()) >= 0) {
                prefixes.add(place);
            } else {
                head(place)
                        .ifPresent(object -> entries.add(new ObjectList.Entry(
                                object.key(), object.size(), object.etag(), object.lastModified())));
            }
        }
        return new ObjectList(
                entries,
                more ? Base64.getUrlEncoder().withoutPadding().encodeToString(page.last()) : null,
                delimiter == null ? null : prefixes);
    }

    /** How much of the key is told: all of it, or up to the delimiter. */
    private static int told(String key, String prefix, @Nullable String delimiter) {
        int at = delimiter == null ? -1 : key.indexOf(delimiter, prefix.length());
        return delimiter == null || at < 0 ? key.length() : at + delimiter.length();
    }

    private static Optional<String> key(Path path) throws IOException {
        String name = path.getFileName().toString();
        if (!KeyNames.isLong(name)) {
            return KeyNames.decode(name);
        }
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try (FileChannel channel = openFile(path)) {
            return Optional.of(ObjectHeader.read(channel).object().key());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static byte[] decodeCursor(String cursor) {
        try {
            return Base64.getUrlDecoder().decode(cursor);
        } catch (IllegalArgumentException e) {
            throw FileStorage.problem(
                    StorageProblem.STORAGE_REQUEST_INVALID,
                    "the cursor is not one of this storage",
                    "Send the next of the page before, or none for the first page.");
        }
    }

    private Path path(String key) {
        return folder.resolve(KeyNames.encode(key));
    }

    private static FileChannel openFile(Path path) throws IOException {
        return FileChannel.open(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }

    /**
     * Makes sure that the disk has the folder's latest state. The change is done, so an interruption must not make it
     * look as if it had failed; it is kept for whoever looks next.
     */
    private void synchronise() throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                    channel.force(true);
                    return;
                } catch (ClosedByInterruptException e) {
                    interrupted = Thread.interrupted() || interrupted;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
