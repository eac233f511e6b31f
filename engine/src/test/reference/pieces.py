"""A small SentencePiece model as GGUF stores it, and how SentencePiece itself cuts texts: ../resources/model/pieces-*.{gguf,json}

One with the space that is put before a text, one without.
"""

import io
import json
import os

import gguf
import sentencepiece

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "resources", "model")
CORPUS = [
    "The parcel arrived on Tuesday, but the lid was cracked.",
    "Please send the invoice again; the second page is missing.",
    "Our meter shows 4,512.7 units and the letter says 4,215.",
    "Where is the spare key for the garden shed?",
    "Das Paket kam am Dienstag, doch der Deckel war gesprungen.",
    "L'été dernier, la façade a été repeinte en bleu pâle.",
    "def add(left, right):\n    return left + right\n",
    "Preis: 12,50 € je Stück, ab 100 Stück 9,90 €.",
    "the the the then there these thesis other another mother bother",
    "  two spaces   three    four",
]
TEXTS = CORPUS + ["", " ", "a", " a", "a ", "  leading", "trailing  ", "tab\tand\nnewline", "é", "e\u0301", "naïve façade", "日本語のテキスト", "🙂 smile",
    "4512", "thethethe", "The meter, the key!", "the▁real", "x" * 40, "\u00a0nbsp", "zzz qqq", "a\r\nb", "Ünïcödé ÜBER", "…—–"]

for prefix in (True, False):
    made = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(CORPUS * 20), model_writer=made, vocab_size=400, model_type="bpe",
        byte_fallback=True, add_dummy_prefix=prefix, normalization_rule_name="identity", remove_extra_whitespaces=False,
        split_digits=True, allow_whitespace_only_pieces=True, minloglevel=2)
    model = sentencepiece.SentencePieceProcessor(model_proto=made.getvalue())
    name = os.path.join(OUT, "pieces-prefix" if prefix else "pieces-plain")
    writer = gguf.GGUFWriter(name + ".gguf", "llama")
    count = model.get_piece_size()
    writer.add_tokenizer_model("llama")
    writer.add_token_list([model.id_to_piece(i) for i in range(count)])
    writer.add_token_scores([model.get_score(i) for i in range(count)])
    kinds = (("is_unknown", 2), ("is_control", 3), ("is_unused", 5), ("is_byte", 6))
    writer.add_token_types([next((n for k, n in kinds if getattr(model, k)(i)), 1) for i in range(count)])
    writer.add_bos_token_id(model.bos_id())
    writer.add_eos_token_id(model.eos_id())
    writer.add_unk_token_id(model.unk_id())
    if not prefix:
        writer.add_add_space_prefix(False)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    with open(name + ".json", "w") as file:
        json.dump([{"text": text, "ids": model.encode(text), "decoded": model.decode(model.encode(text))} for text in TEXTS], file, indent=0)
        file.write("\n")
