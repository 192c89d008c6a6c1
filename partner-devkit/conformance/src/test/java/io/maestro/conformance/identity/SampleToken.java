package io.maestro.conformance.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.maestro.adapter.spi.identity.IdentityProblem;
import io.maestro.model.ProblemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A token as it is read, and not yet believed.
 *
 * @param header how it is signed
 * @param claims what it says
 * @param signed what is signed of it
 * @param signature the signature in base64url
 */
record SampleToken(JsonNode header, JsonNode claims, String signed, String signature) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    static SampleToken read(String text) {
        List<String> parts = SigningKey.parts(text);
        if (parts.size() != 3) {
            throw malformed("the text is no token");
        }
        JsonNode header = part(parts.get(0));
        JsonNode claims = part(parts.get(1));
        if (!header.path("alg").isTextual() || !claims.isObject()) {
            throw malformed("the token does not say how it is signed, or says nothing");
        }
        return new SampleToken(header, claims, parts.get(0) + "." + parts.get(1), parts.get(2));
    }

    private static JsonNode part(String encoded) {
        try {
            return object(new String(Base64.getUrlDecoder().decode(encoded), UTF_8));
        } catch (IllegalArgumentException e) {
            return MissingNode.getInstance();
        }
    }

    /** The JSON object; missing when it is none. */
    static JsonNode object(String text) {
        try {
            JsonNode read = JSON.readTree(text);
            return read.isObject() ? read : MissingNode.getInstance();
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    String header(String name) {
        return header.path(name).asText();
    }

    String text(String name) {
        String text = optionalText(name);
        if (text == null) {
            throw malformed("the token lacks the claim " + name);
        }
        return text;
    }

    @Nullable
    String optionalText(String name) {
        JsonNode value = claims.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual() || value.asText().isEmpty()) {
            throw malformed("the claim " + name + " of the token is not of its type");
        }
        return value.asText();
    }

    Instant time(String name) {
        if (!claims.path(name).canConvertToLong()) {
            throw malformed("the token lacks the time " + name);
        }
        return Instant.ofEpochSecond(claims.path(name).asLong());
    }

    /** The texts of a claim that may be one or several; those of other types are none. */
    List<String> texts(String name) {
        JsonNode value = claims.path(name);
        List<String> texts = new ArrayList<>();
        if (value.isTextual()) {
            texts.add(value.asText());
        }
        for (JsonNode item : value.isArray() ? value : List.<JsonNode>of()) {
            if (item.isTextual()) {
                texts.add(item.asText());
            }
        }
        return texts;
    }

    List<String> audiences() {
        JsonNode value = claims.path("aud");
        List<String> audiences = texts("aud");
        if (!value.isTextual() && (!value.isArray() || value.size() != audiences.size())) {
            throw malformed("the token lacks its audience");
        }
        return audiences;
    }

    private static ProblemException malformed(String detail) {
        return SampleLine.problem(IdentityProblem.TOKEN_MALFORMED, detail).asException();
    }

    @Override
    public String toString() {
        return "SampleToken[***]";
    }
}
