package io.maestro.adapter.spi.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.Content;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Calls a storage, and does what an adapter for the contract 1.0 does not know of: ranges, lists with a delimiter and
 * digests. Such an adapter answers as if it had not been asked for them, and that is how it is known.
 */
final class EarlierStorage {
    /** A cursor of a list that was divided here: which prefix was told last, and the adapter's own cursor. */
    private static final Pattern DIVIDED = Pattern.compile("1\\.0~([0-9a-f]{64})?~(.*)", Pattern.DOTALL);

    private EarlierStorage() {}

    /** The digest is checked here too, where it costs nothing more: the adapter takes the content as checked. */
    static StoredObject putObject(ObjectStorage storage, CallContext context, PutObject request, Content content) {
        Content checked = request.sha256() == null ? content : checked(request, content);
        try {
            return storage.putObject(context, request, checked);
        } catch (RuntimeException e) {
            // the sender's fault, whatever the adapter made of it
            ProblemException mismatch = checked.bytes() instanceof CheckedContent bytes ? bytes.mismatch() : null;
            throw mismatch == null ? e : mismatch;
        }
    }

    private static Content checked(PutObject request, Content content) {
        StorageRules.check(request);
        return Sha256.checked(request, content);
    }

    static StoredObject headObject(ObjectStorage storage, CallContext context, HeadObject request) {
        try (OpenObject open = storage.getObject(context, new GetObject(request.key()))) {
            return open.object();
        } catch (IOException e) {
            throw failed("the object was opened and could not be closed", e);
        }
    }

    static OpenObject getObject(ObjectStorage storage, CallContext context, GetObject request) {
        OpenObject open = storage.getObject(context, request);
        if (request.offset() == null || open.range() != null) {
            return open;
        }
        OpenObject part = null;
        try {
            StorageRules.check(request);
            ByteRange range = StorageRules.range(request, open.object().size());
            if (range == null) {
                throw new IllegalStateException("there is an offset");
            }
            open.content().skipNBytes(range.offset());
            part = new OpenObject(open.object(), new Part(open.content(), range.length()), range);
            return part;
        } catch (IOException e) {
            throw failed("the object ended before the range began", e);
        } finally {
            if (part == null) {
                close(open);
            }
        }
    }

    private static void close(OpenObject open) {
        try {
            open.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ProblemException failed(String detail, IOException cause) {
        return Problem.of(StorageProblem.STORAGE_FAILED, detail, "Try again; see the health of the instance.")
                .asException(cause);
    }

    /** The first so many bytes of what is left. */
    private static final class Part extends FilterInputStream {
        private long remaining;

        Part(InputStream content, long length) {
            super(content);
            this.remaining = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (remaining == 0) {
                return -1;
            }
            int read = super.read(target, offset, (int) Math.min(length, remaining));
            if (read < 0) {
                throw new IOException("the object ended " + remaining + " bytes before the end of the range");
            }
            remaining -= read;
            return read;
        }

        @Override
        public long skip(long count) throws IOException {
            long skipped = super.skip(Math.min(Math.max(count, 0), remaining));
            remaining -= skipped;
            return skipped;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }

    static ObjectList list(ObjectStorage storage, CallContext context, ListObjects request) {
        String delimiter = request.delimiter();
        if (delimiter == null) {
            return storage.list(context, request);
        }
        StorageRules.check(request);
        String cursor = request.cursor();
        Matcher divided = DIVIDED.matcher(cursor == null ? "" : cursor);
        String told = null;
        if (divided.matches()) {
            told = divided.group(1);
            cursor = divided.group(2);
        }
        ObjectList page = storage.list(context, new ListObjects(request.prefix(), request.limit(), cursor, delimiter));
        if (page.prefixes() != null) {
            return page;
        }
        Division division = new Division(StorageRules.prefix(request), delimiter, told);
        division.add(page);
        String next = page.next();
        // a whole page may be below a prefix that was told before
        while (division.isEmpty() && next != null) {
            page = storage.list(context, new ListObjects(request.prefix(), request.limit(), next, delimiter));
            division.add(page);
            next = page.next();
        }
        return division.page(next);
    }

    /** Objects and prefixes of what was listed one by one. */
    private static final class Division {
        private final String prefix;
        private final String delimiter;
        private final List<ObjectList.Entry> objects = new ArrayList<>();
        private final List<String> prefixes = new ArrayList<>();

        /** The digest of the prefix that was told last: a prefix itself may be too long for a cursor. */
        private @Nullable String told;

        Division(String prefix, String delimiter, @Nullable String told) {
            this.prefix = prefix;
            this.delimiter = delimiter;
            this.told = told;
        }

        void add(ObjectList page) {
            for (ObjectList.Entry entry : page.objects()) {
                int at = entry.key().indexOf(delimiter, prefix.length());
                if (at < 0) {
                    objects.add(entry);
                    continue;
                }
                String common = entry.key().substring(0, at + delimiter.length());
                String digest = digest(common);
                if (!digest.equals(told)) {
                    told = digest;
                    prefixes.add(common);
                }
            }
        }

        boolean isEmpty() {
            return objects.isEmpty() && prefixes.isEmpty();
        }

        ObjectList page(@Nullable String next) {
            return new ObjectList(
                    objects, next == null ? null : "1.0~" + (told == null ? "" : told) + "~" + next, prefixes);
        }

        private static String digest(String text) {
            MessageDigest digest = Sha256.digest();
            digest.update(text.getBytes(UTF_8));
            return Sha256.hex(digest);
        }
    }
}
