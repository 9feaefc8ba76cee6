"""Checks of what is easy to get wrong; `python -m unittest` here. Needs neither the base nor the data."""

import itertools
import json
import random
import re
import tempfile
import unittest
from pathlib import Path

import torch
import torch.nn.functional as F

import data
import export
import model


def gradients(function, *inputs):
    """Gradients of a fixed weighting of the output with respect to the inputs that ask for one."""
    out = function(*inputs)
    mixed = (out * torch.linspace(-1, 1, out.numel()).view(out.shape)).sum()
    return [out, *torch.autograd.grad(mixed, [t for t in inputs if t.requires_grad])]


class HandWrittenGradients(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(0)

    def same(self, ours, plain, *inputs):
        for left, right in zip(gradients(ours, *inputs), gradients(plain, *inputs), strict=True):
            torch.testing.assert_close(left, right, rtol=1e-4, atol=1e-5)

    def test_rms_norm(self):
        weight = torch.rand(8) + 0.5
        plain = lambda x: x * torch.rsqrt(x.square().mean(-1, keepdim=True) + model.EPS) * weight
        self.same(lambda x: model.RmsNorm.apply(x, weight, torch.float32), plain, torch.randn(3, 8, requires_grad=True))

    def test_gated_gelu(self):
        plain = lambda x: F.gelu(x[:, :4], approximate="tanh") * x[:, 4:]
        self.same(model.GatedGelu.apply, plain, torch.randn(3, 8, requires_grad=True))

    def test_rope(self):
        cos, sin = model.rope_tables(torch.tensor([0, 5, 70]), model.THETA_LOCAL)

        def pairs(x):  # the definition: each pair (i, i + d/2) turned by its angle
            c, s = cos[..., : model.HEAD_DIM // 2], sin[..., model.HEAD_DIM // 2 :]
            first, second = x.chunk(2, -1)
            return torch.cat([first * c - second * s, second * c + first * s], -1)

        self.same(lambda x: model.Rope.apply(x, cos, sin), pairs, torch.randn(3, 2, model.HEAD_DIM, requires_grad=True))

    def test_attention_of_a_tree(self):
        mask = torch.ones(5, 5).tril().bool()
        mask[4, 2:4] = False  # tokens 0 and 1 are the prefix, 2 and 3 one branch, 4 another
        bias = torch.zeros(5, 5).masked_fill(~mask, float("-inf"))

        def plain(q, k, v):
            heads = lambda t: t.transpose(0, 1).expand(model.HEADS, -1, -1)
            y = F.scaled_dot_product_attention(heads(q), heads(k), heads(v), attn_mask=mask)
            return y.transpose(0, 1).reshape(5, -1)

        q = torch.randn(5, model.HEADS, model.HEAD_DIM, requires_grad=True)
        k, v = (torch.randn(5, 1, model.HEAD_DIM, requires_grad=True) for _ in range(2))
        self.same(lambda *parts: model.TreeAttention.apply(*parts, bias), plain, q, k, v)

    def test_answer_loss_is_smoothed_cross_entropy(self):
        head, targets, weights = torch.randn(11, 6), torch.randint(0, 11, (70,)), torch.randn(70)
        ours = lambda x: model.AnswerLoss.apply(x, head, targets, weights, torch.full((70,), 0.1)).view(1)
        plain = lambda x: (F.cross_entropy(x @ head.T, targets, reduction="none", label_smoothing=0.1) * weights).sum().view(1)
        self.same(ours, plain, torch.randn(70, 6, requires_grad=True))

    def test_risk_is_the_gradient_of_the_expected_reward(self):
        head, targets, x = torch.randn(11, 6), torch.randint(0, 11, (9,)), torch.randn(9, 6, requires_grad=True)
        text = [(2, 5, 0.5), (5, 9, 0.3)]  # two drafts of one text, of three and four tokens; before them a reference
        weights = torch.tensor([1.0, 1.0] + [0.0] * 7)
        pack = model.Pack(None, None, [], None, targets, weights, [text])
        pull, total, added = model.risk(x.detach(), head, pack)
        ours = model.AnswerLoss.apply(x, head, targets, weights + pull, torch.zeros(9)) - added

        logp = -F.cross_entropy(x @ head.T, targets, reduction="none")
        share = torch.stack([logp[first:end].mean() for first, end, _ in text]).softmax(0)
        expected = (share * torch.tensor([0.5, 0.3])).sum()
        self.assertAlmostEqual(total, expected.item(), places=5)
        torch.testing.assert_close(ours, -logp[:2].sum())
        plain = -logp[:2].sum() - expected * 3.5 / model.REWARD_UNIT  # 3.5: mean length
        torch.testing.assert_close(*(torch.autograd.grad(t, x, retain_graph=True)[0] for t in (ours, plain)))

    def test_projection_with_two_adapters(self):
        frozen, x = torch.randn(5, 4), torch.randn(7, 4, requires_grad=True)
        a1, a2 = torch.randn(2, 4, requires_grad=True), torch.randn(2, 4, requires_grad=True)
        b1, b2 = torch.randn(3, 2, requires_grad=True), torch.randn(2, 2, requires_grad=True)

        def ours(x, a1, b1, a2, b2):
            return model.Projection.apply(x, frozen, 0.5, a1, b1, a2, b2)

        self.same(ours, lambda x, a1, b1, a2, b2: x @ (frozen + 0.5 * torch.cat([b1 @ a1, b2 @ a2])).T, x, a1, b1, a2, b2)


class Adapters(unittest.TestCase):
    def test_a_blend_adds_the_shares_of_what_both_add_to_the_weights(self):
        torch.manual_seed(0)
        one, two = ({"w": (torch.randn(rank, 5), torch.randn(3, rank))} for rank in (2, 4))
        lora, rank, alpha = export.blended([(0.75, one, 2, 4), (0.25, two, 4, 4)])
        sum_of = lambda pairs: pairs["w"][1] @ pairs["w"][0]
        self.assertEqual((rank, alpha), (6, 6))
        torch.testing.assert_close(sum_of(lora), 0.75 * 2 * sum_of(one) + 0.25 * sum_of(two))

    def test_a_rank_that_is_enough_loses_nothing_and_a_smaller_one_little(self):
        torch.manual_seed(0)
        down, up = torch.randn(4, 9), torch.randn(7, 4)
        twice = {"w": (torch.cat([down, down]), torch.cat([up, 0.5 * up], 1))}
        whole = 2 * twice["w"][1] @ twice["w"][0]
        for to, least in ((4, 0.9999), (3, 0.8)):
            lora, rank, alpha, kept = export.reduced(twice, 8, 16, to)
            self.assertEqual((rank, alpha, lora["w"][0].shape, lora["w"][1].shape), (to, to, (to, 9), (7, to)))
            lost = (lora["w"][1] @ lora["w"][0] - whole).square().sum() / whole.square().sum()
            self.assertAlmostEqual(1 - lost.item(), kept, places=4)
            self.assertGreater(kept, least)


ROWS = [{"source": "ntrex-128", "id": f"Kalimat {i}.", "en": f"Sentence {i}.", "ja": f"文{i}。"} for i in range(40)]


class Examples(unittest.TestCase):
    def test_a_resumed_stream_continues_where_it_stopped(self):
        whole = list(itertools.islice(data.stream(ROWS, 3), 300))
        for skip in (1, 40, 170):
            rest = list(itertools.islice(data.stream(ROWS, 3, skip), 300 - skip))
            self.assertEqual(rest, whole[skip:])

    def test_a_resumed_stream_with_drafts_continues_where_it_stopped(self):
        drafted = [data.Group("id", str(i), {"en": ""}, drafts=(("a", 0.1), ("b", 0.2))) for i in range(7)]
        run = lambda skip: data.with_drafts(data.stream(ROWS, 3, skip // 3), drafted, skip)
        whole = list(itertools.islice(run(0), 60))
        self.assertEqual(sum(bool(group.drafts) for group in whole), 40)
        for skip in (1, 2, 3, 20):
            self.assertEqual(list(itertools.islice(run(skip), 60 - skip)), whole[skip:])

    def test_texts_with_established_forms_go_to_their_own_language(self):
        rows = [{**ROWS[0], "id": "Ia tiba di Jepang."}, ROWS[1]]
        with tempfile.TemporaryDirectory() as folder:
            for source, target in itertools.permutations(data.NAMES, 2):
                lines = [row.get(source, "") for row in rows]
                if (source, target) == ("id", "ja"):
                    lines[0] = "Ia tiba di 日本."
                Path(folder, f"{source}-{target}.txt").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
            data.read_forms(Path(folder), rows)
            drafts = Path(folder, "drafts.jsonl")
            line = {"source": "id", "target": "ja", "text": rows[0]["id"], "reference": "", "drafts": ["a", "b"], "rewards": [0, 1]}
            drafts.write_text(json.dumps(line), encoding="utf-8")
            self.assertEqual([group.text for group in data.read_drafts(drafts, 1, rows)], ["Ia tiba di 日本."])
            self.assertEqual([row["forms"] for row in rows], [{("id", "ja"): "Ia tiba di 日本."}, {}])
            Path(folder, "id-ja.txt").write_text("Ia tiba di 日本.\n", encoding="utf-8")
            with self.assertRaisesRegex(ValueError, "run forms.py again"):
                data.read_forms(Path(folder), [dict(row) for row in rows])
        group = data.group_of(rows[0], "id")
        self.assertEqual(data.join(rows)["forms"], {("id", "ja"): "Ia tiba di 日本. Kalimat 1."})
        seen = {tuple((g.text, *sorted(g.targets)) for g in data.with_forms(group, random.Random(i))) for i in range(20)}
        plain = "Ia tiba di Jepang."
        self.assertEqual(seen, {((plain, "en", "ja"),), (("Ia tiba di 日本.", "ja"), (plain, "en"))})

    def test_numbers_change_on_all_sides_or_on_none(self):
        rng = random.Random(1)
        swapped = data.swap_numbers(data.Group("id", "Tahun 1998 ada 450 orang.", {"en": "In 1998, 450 people."}), rng)
        year, count = re.findall(r"\d+", swapped.text)
        self.assertNotEqual((year, count), ("1998", "450"))
        self.assertEqual(swapped.targets["en"], f"In {year}, {count} people.")
        for other in ("In 1998, 450.5 people.", "In 1998, many people."):
            group = data.Group("id", "Tahun 1998 ada 450 orang.", {"en": other})
            self.assertIs(data.swap_numbers(group, rng), group)

    def test_paragraphs_use_each_script_s_spacing_and_common_languages(self):
        joined = data.join([ROWS[0], {k: v for k, v in ROWS[1].items() if k != "en"}])
        self.assertEqual(joined, {"source": "ntrex-128", "id": "Kalimat 0. Kalimat 1.", "ja": "文0。文1。", "forms": {}})

    def test_id_ranges_survive_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "kept.txt"
            for ids in ([3], [0, 1, 2, 7, 9, 10], [5, 6]):
                data.write_ranges(path, ids)
                self.assertEqual(data.read_ranges(path), ids)

    def test_branches_see_the_prefix_and_themselves(self):
        index = torch.arange(20)
        packed = data.pack([([2, 3], [data.Branch([4, 5, 6], 1, 1.0), data.Branch([7, 8], 1, 0.5)])], index)
        self.assertEqual(packed.positions.tolist(), [0, 1, 2, 3, 4, 2, 3])
        self.assertEqual((packed.answers.tolist(), packed.targets.tolist()), ([2, 3, 5], [5, 6, 8]))
        self.assertEqual((packed.masks[0][6] == 0).tolist(), [True, True, False, False, False, True, True])


if __name__ == "__main__":
    unittest.main()
