package io.maestro.adapter.storage.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.maestro.adapter.spi.storage.ObjectList;
import io.maestro.adapter.spi.storage.StorageProblem;
import java.io.ByteArrayInputStream;
import java.net.URLDecoder;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/** Reads and writes S3's XML. A document type or an external entity in an answer is not looked at. */
final class S3Xml {
    private static final int LARGEST_ERROR = 64 * 1024;

    private S3Xml() {}

    /**
     * A page as S3 gives it.
     *
     * @param objects with the keys in the bucket
     * @param prefixes of keys in the bucket
     * @param token continues after the page; null when it was the last
     */
    record Listing(
            List<ObjectList.Entry> objects,
            List<String> prefixes,
            @Nullable String token) {}

    /** The code of an error document; empty when it is none. */
    static String errorCode(byte[] body) {
        if (body.length == 0 || body.length > LARGEST_ERROR) {
            return "";
        }
        try {
            Map<String, String> error = leaves(body, "Error");
            String code = error.getOrDefault("Code", "");
            return code.matches("[A-Za-z0-9.]{1,64}") ? code : "";
        } catch (XMLStreamException e) {
            return ""; // a page of some proxy; the status has to do
        }
    }

    /** The text of one element of a document. */
    static String text(byte[] body, String root, String element) {
        try {
            String text = leaves(body, root).get(element);
            if (text == null) {
                throw unreadable(null);
            }
            return text;
        } catch (XMLStreamException e) {
            throw unreadable(e);
        }
    }

    /** The document that puts the parts together, by their ETags as the store gave them. */
    static byte[] completion(List<String> etags) {
        StringBuilder xml = new StringBuilder("<CompleteMultipartUpload>");
        for (int part = 1; part <= etags.size(); part++) {
            xml.append("<Part><PartNumber>")
                    .append(part)
                    .append("</PartNumber><ETag>")
                    .append(escaped(etags.get(part - 1)))
                    .append("</ETag></Part>");
        }
        return xml.append("</CompleteMultipartUpload>").toString().getBytes(UTF_8);
    }

    /** A page of a list. */
    static Listing listing(byte[] body) {
        try {
            List<ObjectList.Entry> objects = new ArrayList<>();
            List<String> prefixes = new ArrayList<>();
            XMLStreamReader xml = reader(body);
            xml.nextTag();
            boolean encoded = false;
            boolean truncated = false;
            String token = null;
            while (xml.nextTag() == XMLStreamConstants.START_ELEMENT) {
                switch (xml.getLocalName()) {
                    case "Contents" -> objects.add(entry(children(xml), encoded));
                    case "CommonPrefixes" -> prefixes.add(decoded(field(children(xml), "Prefix"), encoded));
                    case "EncodingType" -> encoded = xml.getElementText().equals("url");
                    case "IsTruncated" -> truncated = xml.getElementText().equals("true");
                    case "NextContinuationToken" -> token = xml.getElementText();
                    default -> skip(xml);
                }
            }
            return new Listing(objects, prefixes, truncated ? token : null);
        } catch (XMLStreamException | NumberFormatException | DateTimeParseException e) {
            throw unreadable(e);
        }
    }

    private static ObjectList.Entry entry(Map<String, String> fields, boolean encoded) throws XMLStreamException {
        return new ObjectList.Entry(
                decoded(field(fields, "Key"), encoded),
                Long.parseLong(field(fields, "Size")),
                unquoted(field(fields, "ETag")),
                Instant.parse(field(fields, "LastModified")));
    }

    private static String decoded(String key, boolean encoded) {
        return encoded ? URLDecoder.decode(key, UTF_8) : key;
    }

    private static String field(Map<String, String> fields, String name) throws XMLStreamException {
        String value = fields.get(name);
        if (value == null) {
            throw new XMLStreamException("an entry of the list has no " + name);
        }
        return value;
    }

    /** An ETag without its quotes. */
    static String unquoted(String etag) {
        String strong = etag.startsWith("W/") ? etag.substring(2) : etag;
        return strong.replace("\"", "");
    }

    private static Map<String, String> leaves(byte[] body, String root) throws XMLStreamException {
        XMLStreamReader xml = reader(body);
        xml.nextTag();
        if (!xml.getLocalName().equals(root)) {
            return Map.of();
        }
        return children(xml);
    }

    /** The texts of the child elements of where the reader stands. */
    private static Map<String, String> children(XMLStreamReader xml) throws XMLStreamException {
        Map<String, String> texts = new HashMap<>();
        while (xml.nextTag() == XMLStreamConstants.START_ELEMENT) {
            String name = xml.getLocalName();
            StringBuilder text = new StringBuilder();
            int depth = 1;
            while (depth > 0) {
                switch (xml.next()) {
                    case XMLStreamConstants.START_ELEMENT -> depth++;
                    case XMLStreamConstants.END_ELEMENT -> depth--;
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text.append(xml.getText());
                    default -> {}
                }
            }
            texts.put(name, text.toString());
        }
        return texts;
    }

    private static void skip(XMLStreamReader xml) throws XMLStreamException {
        int depth = 1;
        while (depth > 0) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> depth++;
                case XMLStreamConstants.END_ELEMENT -> depth--;
                default -> {}
            }
        }
    }

    private static XMLStreamReader reader(byte[] body) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        return factory.createXMLStreamReader(new ByteArrayInputStream(body), UTF_8.name());
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static RuntimeException unreadable(@Nullable Exception cause) {
        return Failures.retryable(
                StorageProblem.STORAGE_FAILED,
                "the store gave an answer that is not S3's",
                "Check that the endpoint of the instance is an S3-compatible store.",
                cause == null ? new XMLStreamException("an element is missing") : cause);
    }
}
