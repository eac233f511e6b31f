"""The tiny tokenizers of the tiny models: real byte-level BPE, trained on a few sentences, with ChatML's special tokens."""

import json
import os

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]

CORPUS = [
    "Which desk takes a message about a parcel that came too late? Parcels that are late go to the Falcon desk.",
    "The customer asks for the invoice of March. Invoices are with the Heron desk, never with the Falcon desk.",
    "user\nassistant\nsystem\nYou are a careful clerk. Answer with the name of one desk and nothing else.",
    "user\nWhere do I send this?\nassistant\nSend it to the Otter desk.\nuser\nThank you!\nassistant\nYou're welcome.",
    "def desk(message):\n    return 'Falcon' if 'parcel' in message else None\n\nfor i in range(10):\n    print(i, desk(i))\n",
    "Order 4711 of 12.05.2025 costs 99.50 and was paid in full; order 4712 isn't paid yet, we'll ask again in 14 days.",
    "Ünïcödé has ä, ö and ü; Σίσυφος pushes; 日本語 and 中文 have many bytes; emoji 🙂 four each.",
]

CHATML = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)

LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
QWEN2 = LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")


def template(pre):
    """Llama 3's own template writes bos before the first turn."""
    return ("{{ bos_token }}" if pre == "llama-bpe" else "") + CHATML


def split(regex):
    return pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(regex), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )


def tokenizer(pre, size=320):
    """A tokenizer of exactly `size` tokens. pre: smollm, qwen2 or llama-bpe, by the names that GGUF gives them."""
    it = Tokenizer(models.BPE(ignore_merges=pre == "llama-bpe"))
    it.decoder = decoders.ByteLevel()
    if pre == "smollm":
        it.pre_tokenizer = pre_tokenizers.Sequence(
            [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)]
        )
    else:
        it.pre_tokenizer = split(QWEN2 if pre == "qwen2" else LLAMA3)
    if pre == "qwen2":
        it.normalizer = normalizers.NFC()
    first = SPECIAL if pre == "smollm" else []  # Qwen and Llama 3 have their special tokens at the end
    it.train_from_iterator(
        CORPUS,
        trainers.BpeTrainer(
            vocab_size=size - (len(SPECIAL) - len(first)),
            initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
            special_tokens=first,
            show_progress=False,
        ),
    )
    it.add_special_tokens(SPECIAL)
    if pre == "llama-bpe":  # as Llama 3: raw text starts with bos, rendered chats do not get a second one
        it.post_processor = processors.TemplateProcessing(
            single="<|endoftext|> $A", pair=None, special_tokens=[("<|endoftext|>", it.token_to_id("<|endoftext|>"))]
        )
    assert it.get_vocab_size() == size, it.get_vocab_size()
    return it


def write(folder, pre, size=320, where="config"):
    """tokenizer.json, tokenizer_config.json and generation_config.json. where the template goes: config, or file."""
    it = tokenizer(pre, size)
    it.save(os.path.join(folder, "tokenizer.json"), pretty=False)
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": {"__type": "AddedToken", "content": "<|im_start|>", "lstrip": False, "normalized": False, "rstrip": False, "single_word": False},
        "eos_token": "<|im_end|>",
        "pad_token": "<|im_end|>",
        "unk_token": None,
        "clean_up_tokenization_spaces": False,
        "model_max_length": 1000000000000000019884624838656,
    }
    if pre == "llama-bpe":
        config["bos_token"] = "<|endoftext|>"
    if where == "config":
        config["chat_template"] = template(pre)
    else:
        with open(os.path.join(folder, "chat_template.jinja"), "w") as out:
            out.write(template(pre))
    with open(os.path.join(folder, "tokenizer_config.json"), "w") as out:
        json.dump(config, out, indent=1)
    ids = [it.token_to_id(token) for token in SPECIAL]
    with open(os.path.join(folder, "generation_config.json"), "w") as out:
        # One id where SmolLM2 has one, a list where Qwen and Llama 3 have one.
        eos = ids[2] if pre == "smollm" else [ids[2], ids[0]]
        json.dump({"bos_token_id": ids[0 if pre == "llama-bpe" else 1], "eos_token_id": eos, "pad_token_id": ids[2]}, out, indent=1)
    return it
