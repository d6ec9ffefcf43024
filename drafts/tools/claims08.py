"""claims08.py: notes and places of chapter 8 in book/claims.yml; look at each number again with all records."""
import pathlib
p=pathlib.Path('book/claims.yml'); s=p.read_text()
def put(a,b):
    global s
    assert s.count(a)==1,(s.count(a),a[:70]); s=s.replace(a,b)
put('''    note: >-
      Two readings of the pooling (2x2 windows; a 4x4 grid) both make 14,336 features. The report sets its
      70.8% beside 73.8%, which used 400 labels a class; with all labels the paper reached 82.8%.
''','''    taught: true
    where: ["08_probes#does-it-keep-rising", "08_probes#in-a-mirror", "08_probes#unlike-labels"]
    note: >-
      It rises with training. Ours is trained on CIFAR-10's own training images, without labels, not on ImageNet; it
      has 64, 128 and 256 maps, 7,168 features, and is read by least squares, whose strength is chosen on training
      images. With all labels it reads about 70% in this protocol, and more than the report's 70.8% with the mean of
      an image's features and its mirror image's; the same D untrained 57 and 60%, pixels 41%. The report's
      "2x2 pooling" and "4x4 grid" both make 14,336 features. It sets its 70.8% beside 73.8%, which used 400 labels
      a class; with all labels the paper reached 82.8%. With 400 labels a class ours reads about 60%.
''')
put('''    claim: Big windows low and small ones high may close the gap; suspected in the report, not tried.
''','''    claim: Big windows low and small ones high may close the gap; suspected in the report, not tried.
    taught: true
    where: ["08_probes#pooling-knob"]
    note: >-
      Better than windows of 2x2 everywhere, by more than two points, and no better than the paper's grid of 4x4. In
      the report the gap was 12 points with all labels.
''')
put('''    claim: All layers pooled to 4x4, then an SVM, give 82.18% error for each of three training sets.
''','''    claim: All layers pooled to 4x4, then an SVM, give 82.18% error for each of three training sets.
    taught: true
    where: ["08_probes#identical-rows"]
    note: >-
      With the report's C the machine reads one class throughout, of pixels as of features: that its rows are equal is
      reproduced. With a C chosen on training images they are not. Ours are 4,000 and 1,000 images of CIFAR-10, not of
      COCO, and one GAN; the report's own table is one command (`reproduce D-base --scale paper`), not run here.
''')
put('''    note: >-
      The second extractor is a network of its own with ReLU (3.5) where the discriminator has LeakyReLU,
      so it does not compute the discriminator's features.
''','''    taught: true
    where: ["08_probes#identical-rows", "08_probes#which-block"]
    note: >-
      Equal, with the report's C, because no features change what the machine says. With a C that was chosen and 4,000
      images the last block happens to be as good as all; with all 50,000 it is two points worse. The report's
      second extractor is a network of its own with ReLU (3.5) where the discriminator has LeakyReLU, so it
      does not compute the discriminator's features.
''')
put('''    note: >-
      Raw pixels, without any discriminator, give the same two figures (table 2: 82.18% and 97.4%). So the
      architecture cannot be the reason, and what the discriminators learned is not what was measured.
''','''    taught: true
    where: ["08_probes#elsewhere"]
    note: >-
      SAME-NUMBERS. In the report raw pixels, without any discriminator, give the same two figures (table 2:
      82.18% and 97.4%). So the architecture cannot be the reason, and what the discriminators learned is not
      what was measured. Ours: digits and clothes at 28x28, not photographs.
''')
put('''    note: >-
      Identical figures in many rows are suspicious: a classifier may be predicting one class throughout.
      4.2.2 calls the SVM on D's features the best of all; in its table the CNN is, and section 5 says so.
''','''    taught: true
    where: ["08_probes#identical-rows"]
    note: >-
      On 4,000 images of CIFAR-10 another order: an RBF machine with C = 1e-4 reads one class and is the worst, a
      linear one with the same C works. A CNN is better than all of them on pixels, as in the report's table; on D's
      features each machine with a chosen C is better than the CNN. Identical figures in many rows are suspicious:
      a classifier may be predicting one class throughout. 4.2.2 calls the SVM on D's features the best of all;
      in its table the CNN is, and section 5 says so.
''')
p.write_text(s)
