package io.maestro.adapter.storage.azure;

import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.storage.PutObject;
import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.adapter.spi.storage.StorageRules;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Puts content: in one request up to a block, otherwise block by block and then the list of them, which makes the object.
 * One block at a time is in memory. Each request carries the MD5 of its bytes, which the service compares.
 */
final class Upload {
    /** As many as a blob may have. */
    private static final int MOST_BLOCKS = 50_000;

    private static final long MOST_BYTES = (long) MOST_BLOCKS * Block.SIZE;

    private final Connection connection;
    private final String blob;
    private final PutObject request;
    private final Content content;
    private final Instant deadline;
    private final Block block;

    Upload(Connection connection, String blob, PutObject request, Content content, Instant deadline) {
        this.connection = connection;
        this.blob = blob;
        this.request = request;
        this.content = content;
        this.deadline = deadline;
        this.block = new Block(content);
    }

    /** Puts all of it and returns the ETag without quotes. */
    String run() {
        if (content.length().orElse(0) > MOST_BYTES) {
            throw tooLarge();
        }
        block.fill();
        return block.size() < Block.SIZE ? whole() : inBlocks();
    }

    /** How many bytes were put. */
    long size() {
        return block.total();
    }

    private String whole() {
        BlobRequest put = described(BlobRequest.of("PUT", blob))
                .header("x-ms-blob-type", "BlockBlob")
                .header("content-md5", block.md5());
        requireNotInterrupted();
        return etag(connection.send(put, block.pieces(), block.size(), deadline));
    }

    private String inBlocks() {
        // of this put alone: the blocks of others for the same object have other names
        String put = UUID.randomUUID().toString();
        List<String> ids = new ArrayList<>();
        while (block.size() > 0) {
            if (ids.size() == MOST_BLOCKS) {
                throw tooLarge();
            }
            String id = base64("%s-%05d".formatted(put, ids.size()));
            ids.add(id);
            requireNotInterrupted();
            connection.send(
                    BlobRequest.of("PUT", blob)
                            .query("comp", "block")
                            .query("blockid", id)
                            .header("content-md5", block.md5()),
                    block.pieces(),
                    block.size(),
                    deadline);
            block.fill();
        }
        byte[] list = AzureXml.blockList(ids);
        return etag(connection.send(
                described(BlobRequest.of("PUT", blob))
                        .query("comp", "blocklist")
                        .header("x-ms-blob-content-md5", block.md5OfWhole()),
                List.of(list),
                list.length,
                deadline));
    }

    private BlobRequest described(BlobRequest put) {
        BlobRequest described = put.header("x-ms-blob-content-type", StorageRules.contentType(request));
        String sha256 = request.sha256();
        if (sha256 != null) {
            described = described.header(MetadataNames.PREFIX + MetadataNames.encode(AzureStorage.SHA256), sha256);
        }
        for (Map.Entry<String, String> entry : StorageRules.metadata(request).entrySet()) {
            described = described.header(MetadataNames.PREFIX + MetadataNames.encode(entry.getKey()), entry.getValue());
        }
        String ifMatch = request.ifMatch();
        if (ifMatch != null) {
            return described.header("if-match", "\"" + ifMatch + "\"");
        }
        return StorageRules.ifAbsent(request) ? described.header("if-none-match", "*") : described;
    }

    /** A request that needs no waiting would not notice it. */
    private static void requireNotInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw Failures.retryable(
                    StorageProblem.STORAGE_UNREACHABLE,
                    "the call was interrupted before all content was put",
                    "Try again, with a later deadline if it was too short.",
                    new InterruptedException());
        }
    }

    private static RuntimeException tooLarge() {
        return Failures.problem(
                StorageProblem.STORAGE_REQUEST_INVALID,
                "content may have at most " + MOST_BYTES + " bytes",
                "Store it in several objects.");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String etag(Connection.Answer answer) {
        return AzureXml.unquoted(answer.headers().firstValue("ETag").orElseThrow(Failures::notAzure));
    }
}
