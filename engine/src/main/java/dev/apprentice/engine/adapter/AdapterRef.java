package dev.apprentice.engine.adapter;

import java.nio.file.Path;

/**
 * An adapter by content.
 *
 * @param digest SHA-256 of its {@code adapter_model.safetensors}, hexadecimal; checked when it is loaded
 * @param folder its PEFT folder
 */
public record AdapterRef(String digest, Path folder) {}
