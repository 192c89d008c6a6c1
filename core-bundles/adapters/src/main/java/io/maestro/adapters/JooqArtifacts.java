package io.maestro.adapters;

import static io.maestro.adapters.tables.adapters.Tables.ADAPTER_DEFINITION;
import static io.maestro.adapters.tables.adapters.Tables.ARTIFACT_PART;

import io.maestro.model.Digest;
import io.maestro.store.Database;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.List;
import java.util.Objects;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/**
 * The bytes of the artifacts as rows, for the nodes that do not have them as a file. All parts of an artifact are written in
 * one transaction and go with the row of its definition: there is never a part of one. Only one part is in memory at a time.
 */
final class JooqArtifacts {
    /** Of this many bytes are all parts but the last. */
    static final int PART_BYTES = 512 << 10;

    private final Database database;

    JooqArtifacts(Database database) {
        this.database = database;
    }

    /**
     * Writes the bytes of the file, once the row of the definition is there.
     *
     * @throws UncheckedIOException when the file cannot be read, or does not have the bytes that it should have
     */
    static void add(DSLContext sql, Digest digest, Path file) {
        try (DigestInputStream in =
                new DigestInputStream(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS), Artifacts.sha256())) {
            int number = 0;
            for (byte[] part = in.readNBytes(PART_BYTES); part.length > 0; part = in.readNBytes(PART_BYTES)) {
                sql.insertInto(ARTIFACT_PART)
                        .set(ARTIFACT_PART.DIGEST, digest.hex())
                        .set(ARTIFACT_PART.NUMBER, number++)
                        .set(ARTIFACT_PART.BYTES, part)
                        .execute();
            }
            if (!Digest.of(in.getMessageDigest().digest()).equals(digest)) {
                throw new IOException("the file of " + digest + " was changed while it was being read");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the database has the artifact. */
    boolean has(Digest digest) {
        return database.asPlatform(sql -> has(sql, digest));
    }

    private static boolean has(DSLContext sql, Digest digest) {
        return sql.fetchExists(ARTIFACT_PART, ARTIFACT_PART.DIGEST.eq(digest.hex()));
    }

    /**
     * The bytes, read part by part as they are asked for; they end early when the definition is uninstalled meanwhile. Nothing
     * of them is verified.
     */
    InputStream open(Digest digest) {
        return new Parts(digest);
    }

    /** The artifacts that the database does not have: those that an earlier release admitted. */
    List<Digest> lacking() {
        return database.asPlatform(sql -> sql.select(ADAPTER_DEFINITION.DIGEST)
                .from(ADAPTER_DEFINITION)
                .whereNotExists(
                        DSL.selectOne().from(ARTIFACT_PART).where(ARTIFACT_PART.DIGEST.eq(ADAPTER_DEFINITION.DIGEST)))
                .fetch(row -> new Digest(row.value1())));
    }

    /**
     * Writes the bytes of the file of an artifact whose definition is there; of several nodes one does.
     *
     * @param anew in place of what the database has; else only when it has nothing
     * @throws UncheckedIOException as {@link #add}
     */
    void bring(Digest digest, Path file, boolean anew) {
        var _ = database.<Boolean>noteAsPlatform(sql -> {
            // it must not be uninstalled meanwhile, and whoever else brings it waits here
            boolean there = sql.selectOne()
                    .from(ADAPTER_DEFINITION)
                    .where(ADAPTER_DEFINITION.DIGEST.eq(digest.hex()))
                    .forNoKeyUpdate()
                    .fetchOptional()
                    .isPresent();
            if (!there || (!anew && has(sql, digest))) {
                return false;
            }
            sql.deleteFrom(ARTIFACT_PART)
                    .where(ARTIFACT_PART.DIGEST.eq(digest.hex()))
                    .execute();
            add(sql, digest, file);
            return true;
        });
    }

    private byte[] part(Digest digest, int number) {
        return database.asPlatform(sql -> sql.select(ARTIFACT_PART.BYTES)
                .from(ARTIFACT_PART)
                .where(ARTIFACT_PART.DIGEST.eq(digest.hex()).and(ARTIFACT_PART.NUMBER.eq(number)))
                .fetchOptional(ARTIFACT_PART.BYTES)
                .orElseGet(() -> new byte[0]));
    }

    /** Each part is a look of its own, so that no connection is held while somebody works on the bytes. */
    private final class Parts extends InputStream {
        private final Digest digest;
        private int next;
        private byte[] part = {};
        private int place;

        private Parts(Digest digest) {
            this.digest = digest;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) {
            Objects.checkFromIndexSize(from, length, into.length);
            if (length == 0) {
                return 0;
            }
            if (place == part.length) {
                part = part(digest, next++);
                place = 0;
            }
            if (part.length == 0) {
                return -1;
            }
            int given = Math.min(length, part.length - place);
            System.arraycopy(part, place, into, from, given);
            place += given;
            return given;
        }
    }
}
