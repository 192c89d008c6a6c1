package io.maestro.trust;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/** The declarative-services document of an adapter: one component that offers the factory and asks for nothing. */
final class ComponentDocument {
    private static final String NAMESPACE = "http://www.osgi.org/xmlns/scr/v1.";

    private ComponentDocument() {}

    /** What is wrong with the document, in sentences; empty when nothing is. */
    static List<String> violations(byte[] xml, String service) {
        Element root;
        try {
            DocumentBuilder builder = factory().newDocumentBuilder();
            builder.setErrorHandler(new Silent());
            root = builder.parse(new InputSource(new ByteArrayInputStream(xml))).getDocumentElement();
        } catch (SAXException | IOException e) {
            return List.of("is not well-formed XML without a document type");
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the JDK's XML parser knows these features", e);
        }
        String namespace = root.getNamespaceURI();
        if (!"component".equals(root.getLocalName()) || namespace == null || !namespace.startsWith(NAMESPACE)) {
            return List.of("must hold one component of declarative services 1.1 or newer");
        }
        List<String> found = new ArrayList<>();
        List<String> offered = new ArrayList<>();
        collect(root, found, offered);
        if (!offered.equals(List.of(service))) {
            found.add("must offer the service " + service + " and nothing else");
        }
        if (root.hasAttribute("factory")) {
            found.add("must be a component, not a factory of components");
        }
        if ("false".equals(root.getAttribute("enabled"))) {
            found.add("must be enabled");
        }
        return found;
    }

    private static void collect(Element element, List<String> found, List<String> offered) {
        for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element child) {
                switch (String.valueOf(child.getLocalName())) {
                    case "component" -> found.add("must hold one component only");
                    case "reference" ->
                        found.add("must not ask for services: the context gives what an instance needs");
                    case "provide" -> offered.add(child.getAttribute("interface"));
                    default -> {}
                }
                collect(child, found, offered);
            }
        }
    }

    private static DocumentBuilderFactory factory() throws ParserConfigurationException {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        factory.setXIncludeAware(false);
        factory.setExpandEntityReferences(false);
        return factory;
    }

    /** The JDK's default prints to the error stream. */
    private static final class Silent implements ErrorHandler {
        @Override
        public void warning(SAXParseException exception) {
            // nothing is read from the document that a warning could be about
        }

        @Override
        public void error(SAXParseException exception) throws SAXException {
            throw exception;
        }

        @Override
        public void fatalError(SAXParseException exception) throws SAXException {
            throw exception;
        }
    }
}
