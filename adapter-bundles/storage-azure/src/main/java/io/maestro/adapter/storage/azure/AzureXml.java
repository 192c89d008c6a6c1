package io.maestro.adapter.storage.azure;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.maestro.adapter.spi.storage.ObjectList;
import java.io.ByteArrayInputStream;
import java.net.URLDecoder;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/** Reads and writes the XML of the blob service. A document type or an external entity in an answer is not looked at. */
final class AzureXml {
    private static final int LARGEST_ERROR = 64 * 1024;

    private AzureXml() {}

    /**
     * A page as the service gives it.
     *
     * @param objects with the names of the blobs
     * @param prefixes of names
     * @param marker continues after the page; null when it was the last
     */
    record Listing(
            List<ObjectList.Entry> objects,
            List<String> prefixes,
            @Nullable String marker) {}

    /** The code of an error document; empty when it is none. */
    static String errorCode(byte[] body) {
        if (body.length == 0 || body.length > LARGEST_ERROR) {
            return "";
        }
        try {
            XMLStreamReader xml = reader(body);
            xml.nextTag();
            return leaves(xml).getOrDefault("Code", "");
        } catch (XMLStreamException e) {
            return ""; // a page of some proxy; the status has to do
        }
    }

    /** The document that puts the blocks together. */
    static byte[] blockList(List<String> ids) {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
        ids.forEach(id -> xml.append("<Uncommitted>").append(id).append("</Uncommitted>"));
        return xml.append("</BlockList>").toString().getBytes(UTF_8);
    }

    /** A page of a list. */
    static Listing listing(byte[] body) {
        try {
            List<ObjectList.Entry> objects = new ArrayList<>();
            List<String> prefixes = new ArrayList<>();
            String marker = "";
            XMLStreamReader xml = reader(body);
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT) {
                    switch (xml.getLocalName()) {
                        case "Blob" -> objects.add(entry(leaves(xml)));
                        case "BlobPrefix" -> prefixes.add(leaf(leaves(xml), "Name"));
                        case "NextMarker" -> marker = xml.getElementText();
                        default -> {}
                    }
                }
            }
            return new Listing(objects, prefixes, marker.isEmpty() ? null : marker);
        } catch (XMLStreamException | DateTimeException | NumberFormatException e) {
            throw Failures.notAzure();
        }
    }

    private static ObjectList.Entry entry(Map<String, String> leaves) throws XMLStreamException {
        return new ObjectList.Entry(
                leaf(leaves, "Name"),
                Long.parseLong(leaf(leaves, "Content-Length")),
                unquoted(leaf(leaves, "Etag")),
                time(leaf(leaves, "Last-Modified")));
    }

    private static String leaf(Map<String, String> leaves, String name) throws XMLStreamException {
        String text = leaves.get(name);
        if (text == null) {
            throw new XMLStreamException("an entry of the list has no " + name);
        }
        return text;
    }

    static Instant time(String text) {
        return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    }

    /** An ETag without its quotes. */
    static String unquoted(String etag) {
        return etag.replace("\"", "");
    }

    /** The texts of all elements below where the reader stands that have none below themselves. */
    private static Map<String, String> leaves(XMLStreamReader xml) throws XMLStreamException {
        Map<String, String> leaves = new HashMap<>();
        StringBuilder text = new StringBuilder();
        boolean encoded = false;
        for (int depth = 1; depth > 0; ) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    depth++;
                    text.setLength(0);
                    // what XML cannot hold is percent-encoded, and says so
                    encoded = "true".equals(xml.getAttributeValue(null, "Encoded"));
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
                    text.append(xml.getText());
                case XMLStreamConstants.END_ELEMENT -> {
                    depth--;
                    leaves.putIfAbsent(
                            xml.getLocalName(),
                            encoded ? URLDecoder.decode(text.toString().replace("+", "%2B"), UTF_8) : text.toString());
                    text.setLength(0);
                    encoded = false;
                }
                default -> {}
            }
        }
        return leaves;
    }

    private static XMLStreamReader reader(byte[] body) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        return factory.createXMLStreamReader(new ByteArrayInputStream(body), UTF_8.name());
    }
}
