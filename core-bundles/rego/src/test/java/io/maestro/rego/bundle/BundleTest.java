package io.maestro.rego.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.maestro.rego.Capabilities;
import io.maestro.rego.Question;
import io.maestro.rego.bundle.BundleException.Kind;
import io.maestro.rego.value.ObjectValue;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BundleTest {
    private static final Verification UNSIGNED = new Verification.Unsigned();
    private static final String POLICY = "package shop\n\nallow if input.who in data.shop.staff\n";

    private static SortedMap<String, byte[]> files(String... namesAndTexts) {
        SortedMap<String, byte[]> files = new TreeMap<>();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            files.put(namesAndTexts[i], namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8));
        }
        return files;
    }

    private static SortedMap<String, byte[]> shop() {
        return files("shop/shop.rego", POLICY, "shop/data.json", "{\"staff\": [\"ann\"], \"rate\": 1.50}");
    }

    private static final Manifest MANIFEST = new Manifest("7", List.of("shop"), ObjectValue.EMPTY);

    private static Bundle read(byte[] archive, Verification verification) {
        return BundleReader.read(archive, Limits.STANDARD, verification);
    }

    private static BundleException refused(byte[] archive, Verification verification) {
        BundleException refused = catchThrowableOfType(BundleException.class, () -> read(archive, verification));
        assertThat(refused).isNotNull();
        return refused;
    }

    private static BundleException refused(SortedMap<String, byte[]> files) {
        return refused(TarWriter.write(files), UNSIGNED);
    }

    private static KeyPair pair(String algorithm) throws GeneralSecurityException {
        return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    }

    private static SortedMap<String, byte[]> unpacked(byte[] archive) {
        return new TreeMap<>(TarReader.read(archive, Limits.STANDARD).files());
    }

    @Test
    void whatWasBuiltIsReadAndAnswers() {
        Bundle bundle = read(BundleBuilder.of(MANIFEST, shop()).archive(), UNSIGNED);

        assertThat(bundle.manifest()).isEqualTo(MANIFEST);
        assertThat(bundle.data()).hasToString("{\"shop\": {\"rate\": 1.50, \"staff\": [\"ann\"]}}");
        assertThat(bundle.compile(Capabilities.standard())
                        .evaluate(
                                List.of("shop", "allow"),
                                Question.at(Instant.EPOCH)
                                        .withData(bundle.data())
                                        .withInput(ObjectValue.of("who", io.maestro.rego.value.StringValue.of("ann")))))
                .hasToString("true");
    }

    @Test
    void theSameFolderGivesTheSameBytes(@TempDir Path folder) throws IOException {
        Files.createDirectories(folder.resolve("shop/more"));
        Files.writeString(folder.resolve("shop/shop.rego"), POLICY);
        Files.writeString(folder.resolve("shop/more/data.yaml"), "a: 1\n");
        Files.writeString(folder.resolve("shop/README.md"), "not for the bundle");
        Files.createSymbolicLink(folder.resolve("shop/data.json"), folder.resolve("shop/README.md"));
        byte[] first = BundleBuilder.ofFolder(folder, MANIFEST, Limits.STANDARD).archive();
        Files.setLastModifiedTime(folder.resolve("shop/shop.rego"), java.nio.file.attribute.FileTime.fromMillis(1));

        assertThat(BundleBuilder.ofFolder(folder, MANIFEST, Limits.STANDARD).archive())
                .isEqualTo(first);
        assertThat(unpacked(first)).containsOnlyKeys(".manifest", "shop/more/data.yaml", "shop/shop.rego");
        assertThat(read(first, UNSIGNED).data()).hasToString("{\"shop\": {\"more\": {\"a\": 1}}}");
    }

    @ParameterizedTest
    @CsvSource({"RSA,RS256", "RSA,PS384", "EC,ES256", "EC,ES384", "Ed25519,EdDSA"})
    void aSignatureIsVerified(String kind, String algorithm) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
        if (kind.equals("EC")) {
            generator.initialize(algorithm.equals("ES256") ? 256 : 384);
        }
        KeyPair pair = generator.generateKeyPair();
        byte[] archive = BundleBuilder.of(MANIFEST, shop())
                .signed(new BundleKey("k1", algorithm, pair.getPrivate()), "prod")
                .archive();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
        BundleKey key = BundleKey.verifying("k1", algorithm, pem);

        assertThat(read(archive, new Verification.Signed(Map.of("k1", key), "", "prod"))
                        .signedBy())
                .isEqualTo("k1");
        assertThat(refused(archive, Verification.Signed.by(key)).getMessage())
                .isEqualTo("the bundle is signed for the scope \"prod\", and \"\" is asked for");
    }

    private final BundleKey secret = new BundleKey(
            "s", "HS256", new SecretKeySpec("a secret of a test".getBytes(StandardCharsets.UTF_8), "HS256"));
    private final byte[] signed =
            BundleBuilder.of(MANIFEST, shop()).signed(secret, "").archive();

    private BundleException refusedSigned(SortedMap<String, byte[]> files) {
        BundleException refused = refused(TarWriter.write(files), Verification.Signed.by(secret));
        assertThat(refused.kind()).isEqualTo(Kind.SIGNATURE);
        return refused;
    }

    @Test
    void changedMissingAndAddedFilesAreRefused() {
        SortedMap<String, byte[]> changed = unpacked(signed);
        changed.put("shop/shop.rego", (POLICY + "allow := true").getBytes(StandardCharsets.UTF_8));
        assertThat(refusedSigned(changed)).hasMessageContaining("not what was signed: shop/shop.rego");

        SortedMap<String, byte[]> data = unpacked(signed);
        data.put("shop/data.json", "{\"staff\": [\"eve\"], \"rate\": 1.50}".getBytes(StandardCharsets.UTF_8));
        assertThat(refusedSigned(data)).hasMessageContaining("not what was signed: shop/data.json");

        SortedMap<String, byte[]> number = unpacked(signed);
        number.put("shop/data.json", "{\"staff\": [\"ann\"], \"rate\": 1.5}".getBytes(StandardCharsets.UTF_8));
        assertThat(refusedSigned(number)).hasMessageContaining("not what was signed: shop/data.json");

        SortedMap<String, byte[]> missing = unpacked(signed);
        missing.remove("shop/data.json");
        assertThat(refusedSigned(missing))
                .hasMessageContaining("lacks a file that its signature lists: shop/data.json");

        SortedMap<String, byte[]> added = unpacked(signed);
        added.put("shop/more.rego", POLICY.getBytes(StandardCharsets.UTF_8));
        assertThat(refusedSigned(added)).hasMessageContaining("does not list: shop/more.rego");

        SortedMap<String, byte[]> unsigned = unpacked(signed);
        unsigned.remove(".signatures.json");
        assertThat(refusedSigned(unsigned)).hasMessageContaining("is not signed: sign it with one of the keys [s]");
    }

    @Test
    void documentsMayBeWrittenOtherwiseWhenTheySayTheSame() {
        SortedMap<String, byte[]> written = unpacked(signed);
        written.put(
                "shop/data.json", "{ \"rate\":1.50,\n\"staff\" : [\"\\u0061nn\"] }".getBytes(StandardCharsets.UTF_8));

        assertThat(read(TarWriter.write(written), Verification.Signed.by(secret))
                        .signedBy())
                .isEqualTo("s");
    }

    @Test
    void whatIsHashedOfADocumentIsAsTheOriginalWritesIt() {
        assertThat(CanonicalJson.of(
                        " { \"b\" : [ 1e3 , 1.0, -0 ,{ } , [ ]], \"a\":\"<&>\\u2028\\/\\u00e9\", \"\": null}"))
                .isEqualTo("{\"\":null,\"a\":\"<&>\\u2028/é\",\"b\":[1e3,1.0,-0,{},[]]}");
    }

    @Test
    void otherKeysAndAlgorithmsAreRefused() throws GeneralSecurityException {
        BundleKey other = new BundleKey("s", "HS256", new SecretKeySpec(new byte[] {1, 2, 3}, "HS256"));
        assertThat(refused(signed, Verification.Signed.by(other)))
                .hasMessageContaining("is not signed by the key s, or was changed after");

        BundleKey named = new BundleKey("t", "HS256", secret.key());
        assertThat(refused(signed, Verification.Signed.by(named)))
                .hasMessageContaining("is signed by the key \"s\", which is not known here: known are [t]");
        assertThat(read(signed, new Verification.Signed(Map.of("t", named), "t", ""))
                        .signedBy())
                .as("the key that is configured, whatever the signature says")
                .isEqualTo("t");

        BundleKey longer = new BundleKey("s", "HS512", secret.key());
        assertThat(refused(signed, Verification.Signed.by(longer)))
                .hasMessageContaining("algorithm \"HS256\", and the key s is for HS512");

        // the trick of taking a public key, which everybody has, for a secret
        KeyPair pair = pair("RSA");
        byte[] tricked = BundleBuilder.of(MANIFEST, shop())
                .signed(
                        new BundleKey(
                                "r", "HS256", new SecretKeySpec(pair.getPublic().getEncoded(), "HS256")),
                        "")
                .archive();
        assertThat(refused(tricked, Verification.Signed.by(new BundleKey("r", "RS256", pair.getPublic()))))
                .hasMessageContaining("algorithm \"HS256\", and the key r is for RS256");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"none\",\"kid\":\"s\"}",
                "{\"alg\":\"HS1\",\"kid\":\"s\"}",
                "{\"kid\":\"s\"}",
                "{}",
                "[]",
                "x"
            })
    void headersThatSayAnythingElseAreRefused(String header) {
        SortedMap<String, byte[]> files = unpacked(signed);
        String text = new String(files.get(".signatures.json"), StandardCharsets.UTF_8);
        String token = text.substring(text.indexOf("ey"), text.lastIndexOf('"'));
        String[] parts = token.split("\\.", -1);
        for (String tail : List.of("", parts[2])) {
            String forged =
                    Base64.getUrlEncoder().withoutPadding().encodeToString(header.getBytes(StandardCharsets.UTF_8))
                            + "." + parts[1] + "." + tail;
            files.put(".signatures.json", ("{\"signatures\": [\"" + forged + "\"]}").getBytes(StandardCharsets.UTF_8));

            refusedSigned(files);
        }
    }

    @Test
    void thereIsExactlyOneSignature() {
        SortedMap<String, byte[]> files = unpacked(signed);
        for (String content : List.of(
                "{\"signatures\": []}",
                "{\"signatures\": [\"a\", \"b\"]}",
                "{}",
                "[]",
                "",
                "{\"signatures\": [\"a.b.c\"], \"plugin\": \"own\"}",
                "{\"signatures\": [\"a.b\"]}")) {
            files.put(".signatures.json", content.getBytes(StandardCharsets.UTF_8));
            refusedSigned(files);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../x.rego",
                "a/../../x.rego",
                "a//x.rego",
                "a/./x.rego",
                "a\\x.rego",
                "c:x.rego",
                "a\u0001.rego",
                ""
            })
    void namesThatLeadElsewhereAreRefused(String name) {
        assertThat(refused(files(name, "package a")).kind()).isEqualTo(Kind.NAME);
    }

    @Test
    void namesThatAreTheSameAreRefused() throws IOException {
        byte[] one = tar(TarWriter.write(files("a/x.rego", "package a\n")));
        byte[] twice = new byte[one.length + 1024];
        System.arraycopy(one, 0, twice, 0, 1024);
        System.arraycopy(one, 0, twice, 1024, one.length);

        assertThat(refused(gzip(twice), UNSIGNED)).hasMessageContaining("two files of the bundle are named a/x.rego");
    }

    @ParameterizedTest
    @ValueSource(chars = {'1', '2', '3', '4', '6', 'S'})
    void linksAndDevicesAreRefused(char type) throws IOException {
        byte[] tar = tar(TarWriter.write(files("a/x.rego", "package a\n")));
        int before = tar[156];
        tar[156] = (byte) type;
        int sum = Integer.parseInt(new String(tar, 148, 6, StandardCharsets.US_ASCII), 8) + type - before;
        String digits = Integer.toOctalString(sum);
        byte[] text = ("0".repeat(6 - digits.length()) + digits).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, tar, 148, 6);

        assertThat(refused(gzip(tar), UNSIGNED).kind()).isEqualTo(Kind.NAME);
    }

    @Test
    void bombsEndAtTheLimit() throws IOException {
        SortedMap<String, byte[]> bomb = new TreeMap<>();
        bomb.put("a/data.json", new byte[40 << 20]);
        assertThat(refused(bomb).kind()).isEqualTo(Kind.TOO_LARGE);

        SortedMap<String, byte[]> parts = new TreeMap<>();
        for (int i = 0; i < 10; i++) {
            parts.put("a" + i + "/data.json", new byte[7 << 20]);
        }
        assertThat(refused(parts).kind()).isEqualTo(Kind.TOO_LARGE);

        SortedMap<String, byte[]> many = new TreeMap<>();
        for (int i = 0; i < 2_001; i++) {
            many.put("a/x" + i + ".rego", new byte[0]);
        }
        assertThat(refused(many).kind()).isEqualTo(Kind.TOO_LARGE);
        assertThat(refused(new byte[(8 << 20) + 1], UNSIGNED).kind()).isEqualTo(Kind.TOO_LARGE);

        // a size that is only claimed costs no memory
        byte[] claimed = tar(TarWriter.write(files("a/x.rego", "package a\n")));
        System.arraycopy("00037777777".getBytes(StandardCharsets.US_ASCII), 0, claimed, 124, 11);
        assertThat(refused(gzip(claimed), UNSIGNED).kind()).isIn(Kind.CORRUPT, Kind.TOO_LARGE);
    }

    @Test
    void brokenArchivesAreRefusedAndNothingElse() throws IOException {
        Random random = new Random(3);
        for (int round = 0; round < 3_000; round++) {
            byte[] broken = round % 2 == 0 ? signed.clone() : tar(signed);
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
            }
            byte[] cut = Arrays.copyOf(broken, random.nextInt(4) == 0 ? random.nextInt(broken.length) : broken.length);
            byte[] archive = round % 2 == 0 ? cut : gzip(cut);
            try {
                read(archive, UNSIGNED);
            } catch (BundleException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"roots\": [\"a\", \"a/b\"]}; lie in one another",
                "{\"roots\": [\"\", \"a\"]}; lie in one another",
                "{\"roots\": \"a\"}; an array",
                "{\"roots\": [1]}; texts",
                "{\"rego_version\": 0}; reads version 1",
                "{\"file_rego_versions\": {\"/a.rego\": 0}}; reads version 1",
                "{\"wasm\": [{\"entrypoint\": \"x\"}]}; compiled modules",
                "{\"revision\": 7}; a short text",
                "[]; no JSON object",
                "{; no JSON"
            })
    void manifestsThatAreWrongAreRefused(String manifest, String why) {
        BundleException refused = refused(files(".manifest", manifest, "a/x.rego", "package a\n"));

        assertThat(refused.kind()).isEqualTo(Kind.MANIFEST);
        assertThat(refused).hasMessageContaining(why);
    }

    @Test
    void whatLiesOutsideOfTheRootsIsRefused() {
        String manifest = "{\"revision\": \"1\", \"roots\": [\"tenants/acme\"]}";

        assertThat(refused(files(".manifest", manifest, "x.rego", "package tenants.acmes\n")))
                .hasMessageContaining("the package data.tenants.acmes of x.rego lies outside of the bundle's roots "
                        + "[tenants/acme]");
        assertThat(refused(files(".manifest", manifest, "data.json", "{\"tenants\": {\"acme\": 1, \"other\": 2}}")))
                .hasMessageContaining("data.tenants.other lies outside");
        assertThat(refused(files(".manifest", manifest, "tenants/data.json", "{\"acmes\": {}}")))
                .hasMessageContaining("data.tenants.acmes lies outside");
        assertThat(read(
                                TarWriter.write(files(
                                        ".manifest",
                                        manifest,
                                        "tenants/acme/data.json",
                                        "{\"a\": 1}",
                                        "data.yaml",
                                        "tenants: {acme: {b: 2}}",
                                        "x.rego",
                                        "package tenants.acme.lifecycle\n")),
                                UNSIGNED)
                        .data())
                .hasToString("{\"tenants\": {\"acme\": {\"a\": 1, \"b\": 2}}}");
    }

    @Test
    void contentThatCannotBeReadIsRefusedWithItsPlace() {
        assertThat(refused(files("a/x.rego", "package a\n\nallow if {\n")).getMessage())
                .contains("a/x.rego:4:1: rego_parse_error");
        assertThat(refused(files("data.json", "{\"a\": 1}", "a/data.json", "{\"b\": 1}")))
                .hasMessageContaining("gives data.\"a\" another value");
        assertThat(refused(files("a/data.json", "[1]"))).hasMessageContaining("a/data.json of the bundle is no object");
        SortedMap<String, byte[]> latin = new TreeMap<>(Map.of("a/x.rego", new byte[] {(byte) 0xe9}));
        assertThat(refused(latin)).hasMessageContaining("no text in UTF-8");
    }

    @Test
    void bundlesThatOwnTheSameDoNotStandTogether() {
        Bundle one = read(BundleBuilder.of(MANIFEST, shop()).archive(), UNSIGNED);
        Bundle other = read(
                BundleBuilder.of(new Manifest("2", List.of("shop/more"), ObjectValue.EMPTY), new TreeMap<>())
                        .archive(),
                UNSIGNED);
        Bundle apart = read(
                BundleBuilder.of(new Manifest("2", List.of("shops"), ObjectValue.EMPTY), new TreeMap<>())
                        .archive(),
                UNSIGNED);

        Bundle.checkTogether(List.of(one, apart));
        assertThat(catchThrowableOfType(BundleException.class, () -> Bundle.checkTogether(List.of(one, apart, other))))
                .hasMessageContaining("\"shop\"")
                .hasMessageContaining("\"shop/more\"");
    }

    private static byte[] tar(byte[] archive) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(archive))) {
            return in.readAllBytes();
        }
    }

    private static byte[] gzip(byte[] tar) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(tar);
        }
        return bytes.toByteArray();
    }
}
