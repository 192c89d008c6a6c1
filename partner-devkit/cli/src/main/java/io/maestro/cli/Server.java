package io.maestro.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The REST API of one server. Every refusal becomes a {@link Failure} with the server's own problem. */
final class Server implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(90);
    private static final Duration STREAM = Duration.ofMinutes(6);
    private static final int LARGEST_ANSWER = 16 << 20;
    private static final int LARGEST_PAGE = 500;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(CONNECT).build();
    private final Credentials credentials;
    private final @Nullable UUID approval;

    Server(Credentials credentials) {
        this(credentials, null);
    }

    /**
     * As whom, and by whose leave.
     *
     * @param approval of a second person, named in every request: the server takes it for the act that it is for; null for none
     */
    Server(Credentials credentials, @Nullable UUID approval) {
        this.credentials = credentials;
        this.approval = approval;
    }

    /**
     * An answer of any status.
     *
     * @param body null when it was empty or no JSON
     */
    record Answer(int status, @Nullable JsonNode body) {}

    JsonNode get(String path) {
        return body(send(request(path).GET(), ANSWER));
    }

    /** Without a token, and whatever the status; 3xx and up are not refused. */
    Answer open(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).GET();
        return answer(send(request, ANSWER));
    }

    /** Without a token; refused like {@link #get}. */
    JsonNode getOpen(String path) {
        Answer answer = open(path);
        if (answer.status() >= 300) {
            throw refused(answer);
        }
        return answer.body() == null ? JSON.createObjectNode() : answer.body();
    }

    /** Up to {@code limit} items of a list, page after page. */
    ObjectNode list(String path, int limit) {
        ArrayNode items = JSON.createArrayNode();
        String cursor = null;
        do {
            int page = Math.min(LARGEST_PAGE, limit - items.size());
            String query = (path.contains("?") ? "&" : "?") + "limit=" + page
                    + (cursor == null ? "" : "&cursor=" + encoded(cursor));
            JsonNode answer = get(path + query);
            answer.path("items").forEach(items::add);
            cursor = answer.path("next").isTextual() ? answer.path("next").asText() : null;
        } while (cursor != null && items.size() < limit);
        ObjectNode all = JSON.createObjectNode();
        all.set("items", items);
        return all.put("next", cursor);
    }

    /** Posts JSON under an idempotency key, so that an answer lost on the way does no harm. */
    JsonNode post(String path, @Nullable JsonNode body) {
        return post(path, body, UUID.randomUUID().toString());
    }

    JsonNode post(String path, @Nullable JsonNode body, String idempotencyKey) {
        HttpRequest.Builder request = request(path)
                .header("Idempotency-Key", idempotencyKey)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body == null ? "{}" : body.toString(), UTF_8));
        return body(send(request, ANSWER));
    }

    /** Puts JSON in place of what has this revision. */
    JsonNode put(String path, JsonNode body, String revision) {
        HttpRequest.Builder request = request(path)
                .header("Content-Type", "application/json")
                .header("If-Match", "\"" + revision + "\"")
                .PUT(BodyPublishers.ofString(body.toString(), UTF_8));
        return body(send(request, ANSWER));
    }

    /** Sends JSON that is meant for what has this revision. */
    JsonNode postIf(String path, JsonNode body, String revision) {
        HttpRequest.Builder request = request(path)
                .header("Content-Type", "application/json")
                .header("If-Match", "\"" + revision + "\"")
                .POST(BodyPublishers.ofString(body.toString(), UTF_8));
        return body(send(request, ANSWER));
    }

    /** Deletes, or says what deleting would do; an empty object when it was done. */
    JsonNode deletion(String path) {
        return body(send(request(path).DELETE(), ANSWER));
    }

    void delete(String path) {
        refuseIfFailed(send(request(path).DELETE(), ANSWER));
    }

    /** Sends bytes. */
    JsonNode upload(String method, String path, BodyPublisher content, String mediaType, String... headers) {
        HttpRequest.Builder request =
                request(path).header("Content-Type", mediaType).method(method, content);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return body(send(request, STREAM));
    }

    /** Receives bytes; nothing is written when the server refuses. */
    void download(String path, OutputStream out) {
        HttpResponse<InputStream> response = send(request(path).GET(), STREAM);
        if (response.statusCode() >= 400) {
            throw refused(answer(response));
        }
        try (InputStream in = response.body()) {
            in.transferTo(out);
        } catch (IOException e) {
            throw Failure.unreachable("the server broke off in the middle of the answer", e);
        }
    }

    /** A path segment that holds any text. */
    static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    private HttpRequest.Builder request(String path) {
        String token = credentials.token();
        if (token == null) {
            throw Failure.notLoggedIn(credentials.url());
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json, application/problem+json, */*;q=0.5");
        return approval == null ? request : request.header("Maestro-Approval", approval.toString());
    }

    private URI uri(String path) {
        return URI.create(credentials.url() + "/api" + path);
    }

    private HttpResponse<InputStream> send(HttpRequest.Builder request, Duration patience) {
        try {
            return client.send(request.timeout(patience).build(), BodyHandlers.ofInputStream());
        } catch (IOException e) {
            String why = e.getMessage() == null ? "no connection" : e.getMessage();
            throw Failure.unreachable(credentials.url() + ": " + why, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.unreachable("interrupted", e);
        }
    }

    private static JsonNode body(HttpResponse<InputStream> response) {
        Answer answer = answer(response);
        if (answer.status() >= 300) {
            throw refused(answer);
        }
        return answer.body() == null ? JSON.createObjectNode() : answer.body();
    }

    private static void refuseIfFailed(HttpResponse<InputStream> response) {
        Answer answer = answer(response);
        if (answer.status() >= 300) {
            throw refused(answer);
        }
    }

    private static Answer answer(HttpResponse<InputStream> response) {
        try (InputStream in = response.body()) {
            byte[] bytes = in.readNBytes(LARGEST_ANSWER);
            JsonNode body = bytes.length == 0 ? null : JSON.readTree(bytes);
            return new Answer(response.statusCode(), body);
        } catch (JsonProcessingException e) {
            return new Answer(response.statusCode(), null);
        } catch (IOException e) {
            throw Failure.unreachable("the server broke off in the middle of the answer", e);
        }
    }

    private static Failure refused(Answer answer) {
        int exit = answer.status() == 401 || answer.status() == 403 ? Exit.DENIED : Exit.REFUSED;
        JsonNode body = answer.body();
        if (body != null && body.has("code")) {
            return Failure.of(exit, body);
        }
        return Failure.of(
                exit,
                Failure.local(
                        "cli-unexpected-answer",
                        "The server's answer is not understood",
                        "the server answered with status " + answer.status() + " and no problem document",
                        "Check that the address is that of a Maestro server."));
    }

    @Override
    public void close() {
        client.close();
    }
}
