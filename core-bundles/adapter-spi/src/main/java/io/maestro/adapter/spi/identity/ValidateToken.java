package io.maestro.adapter.spi.identity;

/**
 * Input of {@code validate_token}.
 *
 * @param token the bearer token as it came, without the word Bearer; at most {@value IdentityRules#LONGEST_TOKEN}
 *     characters
 */
public record ValidateToken(String token) {
    @Override
    public String toString() {
        return "ValidateToken[***]";
    }
}
