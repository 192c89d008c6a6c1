package io.maestro.identity;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Base64;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a signed token claims of itself, before anybody has checked a word of it. Good for one thing: to find whom to ask.
 *
 * @param issuer who is said to have made it
 * @param audiences whom it is said to be meant for
 * @param key which key is said to have signed it; empty when it does not say
 */
record JwtHead(String issuer, Set<String> audiences, String key) {
    static final int LONGEST = 8 * 1024;

    private static final int MOST_AUDIENCES = 64;
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(16)
                    .maxDocumentLength(LONGEST)
                    .build())
            .build());

    /** Reads it; empty when the text is no signed token. */
    static Optional<JwtHead> parse(String text) {
        int first = text.indexOf('.');
        int second = text.indexOf('.', first + 1);
        if (first <= 0 || second < 0 || text.indexOf('.', second + 1) >= 0 || text.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            JsonNode header = JSON.readTree(Base64.getUrlDecoder().decode(text.substring(0, first)));
            JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(text.substring(first + 1, second)));
            JsonNode issuer = claims.path("iss");
            if (!header.isObject() || !issuer.isTextual()) {
                return Optional.empty();
            }
            Set<String> audiences = new HashSet<>();
            JsonNode audience = claims.path("aud");
            if (audience.isTextual()) {
                audiences.add(audience.asText());
            }
            for (JsonNode each : audience) {
                if (audiences.size() == MOST_AUDIENCES) {
                    return Optional.empty();
                }
                audiences.add(each.asText());
            }
            return Optional.of(
                    new JwtHead(issuer.asText(), audiences, header.path("kid").asText()));
        } catch (IllegalArgumentException | IOException e) {
            return Optional.empty();
        }
    }
}
