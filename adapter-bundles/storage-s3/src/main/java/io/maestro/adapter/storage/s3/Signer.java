package io.maestro.adapter.storage.s3;

import io.maestro.adapter.spi.Secret;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Signs requests by AWS Signature Version 4; the AWS SDK does it. Reads nothing but what it is given. */
final class Signer {
    /** The client writes these itself, with the values that were signed. */
    private static final Set<String> WRITTEN_BY_CLIENT = ignoreCase("Host", "Content-Length");

    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
    private final Bucket bucket;
    private volatile AwsCredentialsIdentity identity;
    private final Clock clock;

    Signer(Bucket bucket, InstantSource clock) {
        this.bucket = bucket;
        this.identity = identity(bucket.secretAccessKey());
        this.clock = clock.withZone(ZoneOffset.UTC);
    }

    /** Signs what comes from now on with this secret. */
    void renew(Secret secretAccessKey) {
        identity = identity(secretAccessKey);
    }

    private AwsCredentialsIdentity identity(Secret secretAccessKey) {
        return AwsCredentialsIdentity.create(bucket.accessKeyId(), secretAccessKey.reveal());
    }

    /** A request whose body is {@code body}, which is signed as well; or, when null, a stream, which cannot be. */
    HttpRequest.Builder sign(S3Request request, byte @Nullable [] body) {
        SignedRequest signed = signer.sign(sign -> {
            describe(sign, request).putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, body != null);
            if (body != null) {
                sign.payload(ContentStreamProvider.fromByteArrayUnsafe(body));
            }
        });
        HttpRequest.Builder http =
                HttpRequest.newBuilder(signed.request().getUri()).version(java.net.http.HttpClient.Version.HTTP_1_1);
        signed.request().forEachHeader((name, values) -> {
            if (!WRITTEN_BY_CLIENT.contains(name)) {
                values.forEach(value -> http.header(name, value));
            }
        });
        return http;
    }

    /** A URL that carries its signature. */
    URI url(S3Request request, Duration expiry) {
        return signer.sign(sign -> describe(sign, request)
                        .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                        .putProperty(AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                        .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, expiry))
                .request()
                .getUri();
    }

    private SignRequest.Builder<AwsCredentialsIdentity> describe(
            SignRequest.Builder<AwsCredentialsIdentity> sign, S3Request request) {
        SdkHttpRequest.Builder http = SdkHttpRequest.builder()
                .method(SdkHttpMethod.fromValue(request.method()))
                .protocol(bucket.scheme())
                .host(bucket.host())
                .port(bucket.port() < 0 ? null : bucket.port())
                .encodedPath(bucket.path(request.key()));
        request.query().forEach(http::putRawQueryParameter);
        request.headers().forEach(http::putHeader);
        return sign.identity(identity)
                .request(http.build())
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                .putProperty(AwsV4HttpSigner.REGION_NAME, bucket.region())
                .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
                .putProperty(HttpSigner.SIGNING_CLOCK, clock);
    }

    private static Set<String> ignoreCase(String... names) {
        Set<String> set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        set.addAll(Set.of(names));
        return set;
    }
}
